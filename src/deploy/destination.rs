//! Where to deploy: by flags, or by a name of `tranship.toml`.

use std::path::PathBuf;

use clap::Args;
use tranship_backend::deploy::{Deploy, Fault};
use tranship_ecs::deploy as ecs;
use tranship_engine::RunError;
use tranship_kubernetes::deploy::{self as kubernetes, MissingNamespace};
use tranship_swarm::deploy as swarm;

use super::settings::{Settings, TargetSettings};
use crate::exit::Failure;
use crate::targets::{TargetArgs, TargetName};

/// Where to deploy, as the command line says.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Target options")]
pub(crate) struct DestinationArgs {
    /// The target: kubernetes, swarm, ecs, ecs:ec2, or a name of tranship.toml
    #[arg(
        short,
        long,
        value_name = "TARGET",
        env = "TRANSHIP_TO",
        hide_env = true
    )]
    to: String,
    /// Read names of targets from this file instead of tranship.toml
    #[arg(long, value_name = "FILE", env = "TRANSHIP_CONFIG", hide_env = true)]
    config: Option<PathBuf>,
    /// The context of the kubeconfig, or of docker
    #[arg(long, value_name = "NAME", env = "TRANSHIP_CONTEXT", hide_env = true)]
    context: Option<String>,
    /// Swarm: the engine's address, as in `DOCKER_HOST`
    #[arg(long, value_name = "ADDRESS", env = "TRANSHIP_HOST", hide_env = true)]
    host: Option<String>,
    /// ECS: the region
    #[arg(long, value_name = "NAME", env = "TRANSHIP_REGION", hide_env = true)]
    region: Option<String>,
    /// ECS: the endpoint, where it is not that of AWS
    #[arg(
        long,
        value_name = "URL",
        env = "TRANSHIP_ENDPOINT_URL",
        hide_env = true
    )]
    endpoint_url: Option<String>,
    /// ECS: the VPC tasks run in
    #[arg(long, value_name = "ID", env = "TRANSHIP_VPC", hide_env = true)]
    vpc: Option<String>,
    /// ECS: a subnet tasks run in; repeat for several
    #[arg(
        long = "subnet",
        value_name = "ID",
        env = "TRANSHIP_SUBNET",
        hide_env = true
    )]
    #[arg(value_delimiter = ',')]
    subnets: Vec<String>,
    /// Kubernetes: make the namespace if it does not exist; it stays when the stack is removed
    #[arg(long, env = "TRANSHIP_CREATE_NAMESPACE", hide_env = true)]
    create_namespace: bool,
    #[command(flatten)]
    choices: TargetArgs,
}

/// Where to deploy.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// The backend and its launch type.
    pub(crate) name: TargetName,
    /// Choices that change what is rendered.
    pub(crate) choices: TargetArgs,
    missing_namespace: MissingNamespace,
    settings: TargetSettings,
}

impl DestinationArgs {
    /// Puts flags and file together; flags win.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] when nothing has the name, and as [`Settings::read`].
    pub(crate) fn resolve(&self) -> Result<Destination, Failure> {
        let known = Settings::read(self.config.as_deref())?;
        let settings = match known.targets.get(&self.to) {
            Some(settings) => settings.clone(),
            None => TargetSettings {
                backend: self.to.clone(),
                ..TargetSettings::default()
            },
        };
        let name = settings.backend.parse::<TargetName>();
        let name = name.map_err(|error| {
            let names: Vec<&str> = known.targets.keys().map(String::as_str).collect();
            Failure::Usage(match names.as_slice() {
                [] => format!("`{}`: {error}", settings.backend),
                names => format!("`{}`: {error}, and {}", settings.backend, names.join(", ")),
            })
        })?;
        let choices = self
            .choices
            .clone()
            .or_namespace(settings.namespace.clone());
        let settings = self.over(settings);
        Ok(Destination {
            name,
            choices,
            missing_namespace: if self.create_namespace {
                MissingNamespace::Create
            } else {
                MissingNamespace::Refuse
            },
            settings,
        })
    }

    fn over(&self, settings: TargetSettings) -> TargetSettings {
        let subnets = if self.subnets.is_empty() {
            settings.subnets
        } else {
            self.subnets.clone()
        };
        TargetSettings {
            backend: settings.backend,
            context: self.context.clone().or(settings.context),
            namespace: settings.namespace,
            host: self.host.clone().or(settings.host),
            region: self.region.clone().or(settings.region),
            endpoint_url: self.endpoint_url.clone().or(settings.endpoint_url),
            vpc: self.vpc.clone().or(settings.vpc),
            subnets,
        }
    }
}

impl Destination {
    /// Reaches the target.
    ///
    /// # Errors
    ///
    /// The target's fault when its place is unknown or its credentials are not to be had.
    pub(crate) async fn connect(&self) -> Result<Box<dyn Deploy>, Failure> {
        let connected = match self.name {
            TargetName::Kubernetes => self.kubernetes().await,
            TargetName::Swarm => self.swarm().await,
            TargetName::Ecs(_) => self.ecs().await,
        };
        connected.map_err(|fault| Failure::Run(RunError::Fault(fault)))
    }

    async fn kubernetes(&self) -> Result<Box<dyn Deploy>, Fault> {
        let translate = self.choices.kubernetes();
        let cluster = kubernetes::connect(kubernetes::Options {
            context: self.settings.context.clone(),
            namespace: translate.namespace.clone(),
            missing_namespace: self.missing_namespace,
            translate,
        });
        Ok(Box::new(cluster.await?))
    }

    async fn swarm(&self) -> Result<Box<dyn Deploy>, Fault> {
        let options = swarm::Options {
            host: self.settings.host.clone(),
            context: self.settings.context.clone(),
        };
        Ok(Box::new(swarm::connect(&options).await?))
    }

    async fn ecs(&self) -> Result<Box<dyn Deploy>, Fault> {
        let options = ecs::Options {
            region: self.settings.region.clone(),
            endpoint_url: self.settings.endpoint_url.clone(),
            vpc: self.settings.vpc.clone(),
            subnets: self.settings.subnets.clone(),
        };
        Ok(Box::new(ecs::connect(options).await?))
    }
}
