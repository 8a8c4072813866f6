//! What services share: networks, volumes, secrets, configs, models.

use super::attribute::attributes;
use super::values::{external, given, nonzero};
use crate::field::{Labels, Options, SecretText};

attributes! {
    /// A network.
    ///
    /// Source: [Compose specification, networks](https://docs.docker.com/reference/compose-file/networks/).
    open struct Network {
        /// The name in the engine.
        name: Option<String> = given,
        /// The driver.
        driver: Option<String>,
        /// Its options.
        driver_opts: Options,
        /// How addresses are given out.
        ipam: Option<Ipam> = nonzero,
        /// Whether it is there already.
        external: bool = external,
        /// Whether it has no way out.
        internal: bool,
        /// Whether containers outside the project may join.
        attachable: bool,
        /// Labels.
        labels: Labels,
        /// Whether it has IPv4 addresses.
        enable_ipv4: Option<bool>,
        /// Whether it has IPv6 addresses.
        enable_ipv6: Option<bool>,
    }
}

attributes! {
    /// How the addresses of a network are given out.
    open struct Ipam {
        /// The driver.
        driver: Option<String>,
        /// Where the addresses come from.
        config: Vec<IpamPool>,
        /// Options for the driver.
        options: Options,
    }
}

attributes! {
    /// A range of addresses.
    open struct IpamPool {
        /// The subnet, in CIDR notation.
        subnet: Option<String>,
        /// The gateway.
        gateway: Option<String>,
        /// The part tasks get their addresses from.
        ip_range: Option<String>,
        /// Addresses that are taken, by host name.
        aux_addresses: Options,
    }
}

attributes! {
    /// A volume.
    ///
    /// Source: [Compose specification, volumes](https://docs.docker.com/reference/compose-file/volumes/).
    open struct Volume {
        /// The name in the engine.
        name: Option<String> = given,
        /// The driver.
        driver: Option<String>,
        /// Its options.
        driver_opts: Options,
        /// Whether it is there already.
        external: bool = external,
        /// Labels.
        labels: Labels,
    }
}

attributes! {
    /// A secret.
    ///
    /// Source: [Compose specification, secrets](https://docs.docker.com/reference/compose-file/secrets/).
    open struct Secret hidden {
        /// The text of the variable called `environment`, where it is set.
        value: Option<SecretText>,
    } {
        /// The name in the engine.
        name: Option<String> = given,
        /// The file it is read from.
        file: Option<String> = given,
        /// The variable it is read from.
        environment: Option<String>,
        /// Whether it is there already.
        external: bool = external,
        /// Labels.
        labels: Labels,
        /// The driver that brings it (Swarm).
        driver: Option<String>,
        /// Its options.
        driver_opts: Options,
        /// The driver that fills in templates (Swarm).
        template_driver: Option<String>,
    }
}

attributes! {
    /// A config.
    ///
    /// Source: [Compose specification, configs](https://docs.docker.com/reference/compose-file/configs/).
    open struct Config hidden {
        /// The text of the variable called `environment`, where it is set.
        value: Option<SecretText>,
    } {
        /// The name in the engine.
        name: Option<String> = given,
        /// The file it is read from.
        file: Option<String> = given,
        /// The variable it is read from.
        environment: Option<String>,
        /// The text itself.
        content: Option<String>,
        /// Whether it is there already.
        external: bool = external,
        /// Labels.
        labels: Labels,
        /// The driver that fills in templates (Swarm).
        template_driver: Option<String>,
    }
}

attributes! {
    /// A model.
    ///
    /// Source: [Compose specification, models](https://docs.docker.com/reference/compose-file/models/).
    open struct Model requires ["model"] {
        /// The name.
        name: Option<String>,
        /// The artifact that holds it.
        model: Option<String>,
        /// The size of the context in tokens.
        context_size: Option<i64> = nonzero,
        /// Flags for the engine that runs it.
        runtime_flags: Vec<String>,
    }
}
