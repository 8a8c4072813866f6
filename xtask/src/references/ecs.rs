//! A rendering for ECS.

use serde_json::Value;

use super::source::Use;
use super::{Account, Rendering, Test, items, text, words};

/// The template.
pub(super) struct Template<'a>(pub(super) &'a Value);

impl<'a> Template<'a> {
    fn of_type(&self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let resources = self.0.get("Resources").and_then(Value::as_object);
        let resources = resources.into_iter().flatten();
        let of_type = resources.filter(move |(_, resource)| text(resource, "/Type") == Some(kind));
        of_type.filter_map(|(name, resource)| Some((name.as_str(), resource.get("Properties")?)))
    }

    /// The task definitions a service ended in, by their logical names.
    fn tasks(&self, service: &str, account: &Account<'_>) -> Vec<(&'a str, &'a Value)> {
        let names = account.workloads(service);
        let tasks = self.of_type("AWS::ECS::TaskDefinition");
        tasks.filter(|(name, _)| names.contains(name)).collect()
    }

    fn containers(&self, service: &str, account: &Account<'_>) -> Vec<&'a Value> {
        let tasks = self.tasks(service, account).into_iter();
        tasks
            .flat_map(|(_, task)| items(task, "/ContainerDefinitions"))
            .collect()
    }

    /// The task definitions of those a name in the domain leads to, also by way of another name.
    fn tasks_found_as(&self, name: &str) -> Vec<&'a str> {
        let registries = self.of_type("AWS::ServiceDiscovery::Service");
        let mut named = registries.filter(|(_, registry)| text(registry, "/Name") == Some(name));
        let Some((registry, _)) = named.next() else {
            return Vec::new();
        };
        let instances = self.of_type("AWS::ServiceDiscovery::Instance");
        let instances = instances.filter(|(_, it)| text(it, "/ServiceId/Ref") == Some(registry));
        let further = instances.flat_map(|(_, instance)| {
            let leads_to = text(instance, "/InstanceAttributes/AWS_INSTANCE_CNAME");
            let leads_to = leads_to.and_then(|name| name.split('.').next());
            let leads_to = leads_to.filter(|other| *other != name);
            leads_to.map_or_else(Vec::new, |name| self.tasks_found_as(name))
        });
        let services = self.of_type("AWS::ECS::Service").filter(|(_, service)| {
            let mut wanted = items(service, "/ServiceRegistries").iter();
            wanted.any(|wanted| text(wanted, "/RegistryArn/Fn::GetAtt/0") == Some(registry))
        });
        let direct = services.filter_map(|(_, service)| text(service, "/TaskDefinition/Ref"));
        direct.chain(further).collect()
    }

    fn is_declared(&self, name: &str) -> bool {
        let groups = ["Resources", "Parameters", "Conditions"];
        let mut groups = groups.iter().filter_map(|group| self.0.get(group));
        name.starts_with("AWS::") || groups.any(|group| group.get(name).is_some())
    }
}

impl Rendering for Template<'_> {
    fn resolves(&self, used: &Use<'_>, account: &Account<'_>) -> bool {
        let tasks = self.tasks(used.of, account);
        let own = self.tasks(used.by, account);
        // Containers of one task find each other at `localhost` and by its names.
        let hosts = self.containers(used.by, account);
        let is_host = hosts.iter().any(|container| {
            let mut hosts = items(container, "/ExtraHosts").iter();
            hosts.any(|host| text(host, "/Hostname") == Some(used.name))
        });
        if is_host && own == tasks {
            return true;
        }
        let leads_to = self.tasks_found_as(&used.name.to_lowercase());
        tasks.iter().any(|(task, _)| leads_to.contains(task))
    }

    fn references(&self, _account: &Account<'_>) -> Vec<(String, bool)> {
        let mut names = Vec::new();
        for part in ["Resources", "Outputs"] {
            refer(self.0.get(part).unwrap_or(&Value::Null), &mut names);
        }
        let resources = self.0.get("Resources").and_then(Value::as_object);
        for (_, resource) in resources.into_iter().flatten() {
            names.extend(text(resource, "/DependsOn").map(str::to_owned));
            names.extend(words(resource, "/DependsOn"));
            names.extend(text(resource, "/Condition").map(str::to_owned));
        }
        let mut found: Vec<(String, bool)> = names
            .into_iter()
            .map(|name| (format!("a reference to {name}"), self.is_declared(&name)))
            .collect();
        for (_, task) in self.of_type("AWS::ECS::TaskDefinition") {
            inside(task, &mut found);
        }
        for (name, service) in self.of_type("AWS::ECS::Service") {
            for balancer in items(service, "/LoadBalancers") {
                let task = text(service, "/TaskDefinition/Ref").unwrap_or_default();
                let task = self.0.pointer(&format!("/Resources/{task}/Properties"));
                let leads = task.is_some_and(|task| listens(task, balancer));
                found.push((format!("the load balancer of {name}"), leads));
            }
        }
        found
    }

    fn probes(&self, service: &str, test: &Test, account: &Account<'_>) -> bool {
        let wanted = match test {
            Test::Exec(words) => ["CMD".to_owned()]
                .into_iter()
                .chain(words.clone())
                .collect(),
            Test::Shell(line) => vec!["CMD-SHELL".to_owned(), line.clone()],
        };
        let containers = self.containers(service, account);
        let mut tests = containers.iter();
        tests.any(|container| words(container, "/HealthCheck/Command") == wanted)
    }

    fn writes(&self, service: &str, path: &str, account: &Account<'_>) -> bool {
        self.containers(service, account).iter().any(|container| {
            let tmpfs = items(container, "/LinuxParameters/Tmpfs").iter();
            let mut tmpfs = tmpfs.filter_map(|mount| text(mount, "/ContainerPath"));
            let mut mounts = items(container, "/MountPoints").iter();
            let is_writable = |mount: &Value| {
                let is_read_only = mount.get("ReadOnly") == Some(&Value::Bool(true));
                text(mount, "/ContainerPath") == Some(path) && !is_read_only
            };
            mounts.any(is_writable) || tmpfs.any(|mounted| mounted == path)
        })
    }

    fn reaches(&self, from: &str, to: &str, account: &Account<'_>) -> Option<bool> {
        let from = self.groups(from, account)?;
        let to = self.groups(to, account)?;
        Some(to.iter().any(|group| {
            self.lets_in(group, &from) && from.iter().any(|own| self.lets_out(own, group))
        }))
    }
}

impl<'a> Template<'a> {
    /// The security groups of a service's tasks; nothing for what does not run all the time.
    fn groups(&self, service: &str, account: &Account<'_>) -> Option<Vec<&'a str>> {
        let tasks = self.tasks(service, account);
        let mut services = self.of_type("AWS::ECS::Service");
        let (_, service) = services.find(|(_, service)| {
            let task = text(service, "/TaskDefinition/Ref");
            tasks.iter().any(|(name, _)| Some(*name) == task)
        })?;
        let groups = "/NetworkConfiguration/AwsvpcConfiguration/SecurityGroups";
        let groups = items(service, groups).iter();
        Some(groups.filter_map(|group| text(group, ID)).collect())
    }

    /// Whether a group lets in everything that comes from one of others.
    fn lets_in(&self, group: &str, others: &[&str]) -> bool {
        self.rules(group, "Ingress").any(|rule| {
            let from = text(rule, "/SourceSecurityGroupId/Fn::GetAtt/0");
            is_for_all(rule) && from.is_some_and(|from| others.contains(&from))
        })
    }

    /// Whether a group lets out everything to another; one without rules lets out all there is.
    fn lets_out(&self, group: &str, other: &str) -> bool {
        let rules: Vec<&Value> = self.rules(group, "Egress").collect();
        let is_meant = |rule: &Value| {
            text(rule, "/DestinationSecurityGroupId/Fn::GetAtt/0") == Some(other)
                || text(rule, "/CidrIp") == Some("0.0.0.0/0")
        };
        let mut all = rules.iter();
        rules.is_empty() || all.any(|rule| is_for_all(rule) && is_meant(rule))
    }

    /// The rules of a group, within it and beside it.
    fn rules(&self, group: &str, direction: &str) -> impl Iterator<Item = &'a Value> {
        let within = self.of_type("AWS::EC2::SecurityGroup");
        let within = within.filter(move |(name, _)| *name == group);
        let list = format!("/SecurityGroup{direction}");
        let within = within.flat_map(move |(_, it)| items(it, &list));
        let beside = match direction {
            "Egress" => "AWS::EC2::SecurityGroupEgress",
            _ => "AWS::EC2::SecurityGroupIngress",
        };
        let beside = self.of_type(beside).map(|(_, rule)| rule);
        let beside = beside.filter(move |rule| text(rule, "/GroupId/Fn::GetAtt/0") == Some(group));
        within.chain(beside)
    }
}

/// Whether a rule is for all protocols and ports.
fn is_for_all(rule: &Value) -> bool {
    text(rule, "/IpProtocol") == Some("-1")
}

/// Where a reference to a security group names it.
const ID: &str = "/Fn::GetAtt/0";

/// What a task refers to within itself.
fn inside(task: &Value, found: &mut Vec<(String, bool)>) {
    let family = text(task, "/Family").unwrap_or_default();
    let all = items(task, "/ContainerDefinitions");
    let has = |name: &str| {
        all.iter()
            .any(|container| text(container, "/Name") == Some(name))
    };
    let volumes = items(task, "/Volumes");
    let declared = |name| {
        volumes
            .iter()
            .any(|volume| text(volume, "/Name") == Some(name))
    };
    for container in all {
        for mount in items(container, "/MountPoints") {
            let volume = text(mount, "/SourceVolume").unwrap_or_default();
            found.push((format!("{family}: volume {volume}"), declared(volume)));
        }
        for pointer in ["/DependsOn", "/VolumesFrom"] {
            for other in items(container, pointer) {
                let other = text(other, "/ContainerName").or(text(other, "/SourceContainer"));
                let other = other.unwrap_or_default();
                found.push((format!("{family}: container {other}"), has(other)));
            }
        }
    }
}

/// Whether a task has the container and port a load balancer leads to.
fn listens(task: &Value, balancer: &Value) -> bool {
    items(task, "/ContainerDefinitions")
        .iter()
        .any(|container| {
            let mut ports = items(container, "/PortMappings").iter();
            text(container, "/Name") == text(balancer, "/ContainerName")
                && ports.any(|port| port.get("ContainerPort") == balancer.get("ContainerPort"))
        })
}

/// Every logical name a value refers to.
fn refer(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| refer(item, names)),
        Value::Object(entries) => {
            for (key, value) in entries {
                match key.as_str() {
                    "Ref" => names.extend(value.as_str().map(str::to_owned)),
                    "Fn::GetAtt" => names.extend(text(value, "/0").map(str::to_owned)),
                    "Fn::Sub" if value.is_string() => {
                        names.extend(substituted(value.as_str().unwrap_or_default()));
                    }
                    _ => refer(value, names),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The names in a template of text: `${Name}` or `${Name.Attribute}`; `${!…}` is none.
fn substituted(text: &str) -> Vec<String> {
    let parts = text.split("${").skip(1);
    let names = parts.filter_map(|part| part.split_once('}'));
    let names = names.filter(|(name, _)| !name.starts_with('!'));
    names
        .map(|(name, _)| name.split('.').next().unwrap_or(name).to_owned())
        .collect()
}
