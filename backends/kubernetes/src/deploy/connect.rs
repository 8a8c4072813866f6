//! From a kubeconfig to a client.

use std::time::Duration;

use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};
use tranship_backend::deploy::Fault;

use super::Options;

/// A client and where it leads.
pub(super) struct Connected {
    /// Makes the calls.
    pub(super) client: Client,
    /// The address of the API server.
    pub(super) endpoint: String,
    /// The namespace the kubeconfig names, or `default`.
    pub(super) namespace: String,
}

/// Time to make a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Reads the kubeconfig, or the service account of the pod we run in, and makes a client.
///
/// Nothing is sent yet.
///
/// # Errors
///
/// [`Fault::Unreachable`] when neither names a cluster.
pub(super) async fn connect(options: &Options) -> Result<Connected, Fault> {
    let mut config = config(options).await?;
    // A proxy that cuts what is silent would hang us; calls have a deadline of their own, and
    // logs that are followed are silent for long. So do retries: those of the client last too long.
    config.connect_timeout = Some(CONNECT_TIMEOUT);
    config.read_timeout = None;
    config.default_retry = false;
    let endpoint = config.cluster_url.to_string();
    let namespace = config.default_namespace.clone();
    let client = Client::try_from(config).map_err(|error| unreachable(&error.to_string()))?;
    Ok(Connected {
        client,
        endpoint: endpoint.trim_end_matches('/').to_owned(),
        namespace,
    })
}

async fn config(options: &Options) -> Result<Config, Fault> {
    let choice = KubeConfigOptions {
        context: options.context.clone(),
        cluster: None,
        user: None,
    };
    if Kubeconfig::read().is_ok() || options.context.is_some() {
        return Config::from_kubeconfig(&choice)
            .await
            .map_err(|error| unreachable(&said(&error)));
    }
    // In a pod of a cluster there is a service account instead.
    Config::incluster().map_err(|_| {
        unreachable(
            "there is no kubeconfig: KUBECONFIG names none, and ~/.kube/config is not there",
        )
    })
}

fn said(error: &KubeconfigError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        let reason = error.to_string();
        if !text.contains(&reason) {
            text = format!("{text}: {reason}");
        }
        source = error.source();
    }
    text
}

fn unreachable(reason: &str) -> Fault {
    Fault::Unreachable {
        place: "the cluster".to_owned(),
        reason: reason.to_owned(),
    }
}
