//! Finding the account: options first, then the environment and the files of the aws CLI.

use aws_config::{BehaviorVersion, Region};
use aws_sdk_cloudformation::Client as Formation;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tranship_backend::deploy::{Fault, Step};

use super::caller::Caller;
use super::{Account, Network, kinds};

/// What people choose; credentials are those of the aws CLI.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The region; that of the aws CLI when it is not given.
    pub region: Option<String>,
    /// What stands in for the addresses of AWS; `AWS_ENDPOINT_URL` when it is not given.
    pub endpoint_url: Option<String>,
    /// The VPC tasks run in.
    pub vpc: Option<String>,
    /// The subnets tasks run in, the first two in different availability zones.
    pub subnets: Vec<String>,
}

/// Finds region and credentials; nothing is sent yet.
///
/// # Errors
///
/// [`Fault::Other`] when no region or no credentials are set up.
pub async fn connect(options: Options) -> Result<Account, Fault> {
    let Options {
        region,
        endpoint_url,
        vpc,
        subnets,
    } = options;
    let client = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(client);
    if let Some(region) = region {
        loader = loader.region(Region::new(region));
    }
    if let Some(endpoint) = endpoint_url {
        loader = loader.endpoint_url(endpoint);
    }
    let config = loader.load().await;
    let missing = |what: &str| Fault::Other(format!("no {what} of AWS is set up"));
    let region = config
        .region()
        .ok_or_else(|| missing("region"))?
        .to_string();
    let credentials = config.credentials_provider();
    let credentials = credentials.ok_or_else(|| missing("credentials"))?;
    let endpoint = config.endpoint_url().map(str::to_owned);
    Ok(Account {
        caller: Caller::new(credentials, &region, endpoint.clone())?,
        formation: Formation::new(&config),
        network: Network { vpc, subnets },
        endpoint: endpoint.unwrap_or_else(|| "https://ecs.amazonaws.com".to_owned()),
        region,
    })
}

impl Account {
    /// Whether each parameter of the stack has a value.
    pub(super) fn parameters_are_known(steps: &[Step]) -> Result<(), Fault> {
        let wanted = steps.iter().filter_map(|step| step.wanted.as_ref());
        let stacks = wanted.filter(|wanted| wanted.object.id.kind == kinds::STACK);
        for stack in stacks {
            let body = &stack.object.body;
            let asked = body.pointer("/Template/Parameters");
            let asked = asked.and_then(serde_json::Value::as_object);
            let is_missing = |(name, parameter): &(&String, &serde_json::Value)| {
                parameter.get("Default").is_none()
                    && super::observe::at(body, "Parameters")
                        .get(name.as_str())
                        .is_none()
            };
            let missing: Vec<&str> = asked
                .into_iter()
                .flatten()
                .filter(is_missing)
                .map(|(name, _)| name.as_str())
                .collect();
            if !missing.is_empty() {
                return Err(Fault::Refused {
                    object: stack.object.id.clone(),
                    reason: format!("{} not known: say --vpc and --subnet", missing.join(", ")),
                });
            }
        }
        Ok(())
    }
}
