//! The template and the requests while they are written.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;
use tranship_backend::{NameTable, Object, Translation};
use tranship_model::{FieldPath, Ledger, ObjectId};

use crate::api::RunTask;
use crate::cloudformation::{Parameter, Resource};
use crate::late::{Late, LateList};
use crate::{LaunchType, shape};

/// The kind of the objects that are parameters of the template.
pub(crate) const PARAMETER: &str = "Parameter";
/// The kind of the objects that are outputs of the template.
pub(crate) const OUTPUT: &str = "Output";
/// The kind of the objects that are task-definition requests.
pub(crate) const REGISTER_TASK_DEFINITION: &str = "RegisterTaskDefinition";
/// The kind of the objects that are service requests.
pub(crate) const CREATE_SERVICE: &str = "CreateService";
/// The kind of the objects that are requests for single runs.
pub(crate) const RUN_TASK: &str = "RunTask";

/// The template and the requests while they are written.
#[derive(Debug)]
pub(crate) struct Draft {
    /// On what tasks run.
    pub(crate) launch: LaunchType,
    /// Who has which name.
    pub(crate) names: NameTable,
    /// Whether the file system of the volumes is created.
    pub(crate) has_file_system: bool,
    /// Whether the role of tasks without secrets is created.
    pub(crate) has_execution_role: bool,
    /// Whether the group of tasks without networks is created.
    pub(crate) has_outbound_group: bool,
    parameters: IndexMap<Arc<str>, Parameter>,
    outputs: Vec<Object>,
    foundation: Vec<Object>,
    workloads: Vec<Object>,
    runs: Vec<Object>,
}

/// How a resource stands in the template beside its properties.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// Resources that have to be there first, beside those its properties name.
    pub(crate) depends_on: Vec<Arc<str>>,
    /// Whether it stays when the stack goes.
    pub(crate) retained: bool,
    /// When it is created.
    pub(crate) stage: Stage,
}

impl Standing {
    /// With what runs.
    pub(crate) fn workload() -> Self {
        Self {
            stage: Stage::Workload,
            ..Self::default()
        }
    }
}

/// When a resource is created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Before anything runs.
    #[default]
    Foundation,
    /// With what runs.
    Workload,
}

/// How large the template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TemplateSize {
    /// Resources in it.
    pub(crate) resources: usize,
    /// Parameters in it.
    pub(crate) parameters: usize,
    /// About how many bytes its resources take.
    pub(crate) bytes: usize,
}

impl Draft {
    /// An empty template.
    pub(crate) fn new(launch: LaunchType) -> Self {
        Self {
            launch,
            names: NameTable::default(),
            has_file_system: false,
            has_execution_role: false,
            has_outbound_group: false,
            parameters: IndexMap::new(),
            outputs: Vec::new(),
            foundation: Vec::new(),
            workloads: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Whether tasks run on machines of AWS.
    pub(crate) fn is_fargate(&self) -> bool {
        self.launch == LaunchType::Fargate
    }

    /// Adds a resource that nothing else has to wait for by name.
    pub(crate) fn resource(
        &mut self,
        kind: &'static str,
        id: &Arc<str>,
        owner: &FieldPath,
        properties: &impl Serialize,
    ) -> ObjectId {
        let properties = shape::plain(properties);
        self.standing_resource(kind, id, owner, properties, Standing::default())
    }

    /// Adds a resource with its properties written already.
    pub(crate) fn standing_resource(
        &mut self,
        kind: &'static str,
        id: &Arc<str>,
        owner: &FieldPath,
        properties: Value,
        standing: Standing,
    ) -> ObjectId {
        self.names.claim("logical id", id, owner);
        let Standing {
            depends_on,
            retained,
            stage,
        } = standing;
        let resource = Resource {
            kind,
            depends_on,
            retained,
            properties,
        };
        let object_id = ObjectId::new(kind, Arc::clone(id));
        let objects = match stage {
            Stage::Foundation => &mut self.foundation,
            Stage::Workload => &mut self.workloads,
        };
        objects.push(Object {
            id: object_id.clone(),
            body: resource.into_body(),
        });
        object_id
    }

    /// Adds a parameter, and gives its value.
    pub(crate) fn parameter(
        &mut self,
        id: &Arc<str>,
        owner: &FieldPath,
        parameter: Parameter,
    ) -> Late {
        self.names.claim("logical id", id, owner);
        self.parameters.entry(Arc::clone(id)).or_insert(parameter);
        Late::Reference(Arc::clone(id))
    }

    /// The VPC the stack is deployed into.
    pub(crate) fn vpc(&mut self) -> Late {
        let text = "The VPC everything runs in.";
        self.shared_parameter("VpcId", "AWS::EC2::VPC::Id", text)
    }

    /// The subnets tasks run in.
    pub(crate) fn subnets(&mut self) -> LateList {
        let text = "The subnets tasks run in: at least two, the first two in different \
                    availability zones.";
        self.shared_parameter("SubnetIds", "List<AWS::EC2::Subnet::Id>", text);
        LateList::AllSubnets
    }

    /// The subnets load balancers stand in.
    pub(crate) fn public_subnets(&mut self) -> LateList {
        let text = "The public subnets load balancers stand in: at least two, in different \
                    availability zones.";
        self.shared_parameter("PublicSubnetIds", "List<AWS::EC2::Subnet::Id>", text);
        LateList::PublicSubnets
    }

    /// Whether tasks get public addresses.
    pub(crate) fn public_address(&mut self) -> Late {
        let parameter = Parameter {
            kind: "String",
            description: "ENABLED where the subnets of tasks reach the internet through an \
                          internet gateway, DISABLED where they do through a NAT gateway."
                .to_owned(),
            default: Some("ENABLED"),
            allowed_values: vec!["ENABLED", "DISABLED"],
        };
        let id: Arc<str> = Arc::from("AssignPublicIp");
        self.parameter(&id, &FieldPath::root("name"), parameter)
    }

    /// Addresses that reach published ports.
    pub(crate) fn public_range(&mut self) -> Late {
        let parameter = Parameter {
            kind: "String",
            description: "The addresses that reach published ports.".to_owned(),
            default: Some("0.0.0.0/0"),
            allowed_values: Vec::new(),
        };
        self.parameter(
            &Arc::from("PublishedTo"),
            &FieldPath::root("name"),
            parameter,
        )
    }

    fn shared_parameter(&mut self, id: &str, kind: &'static str, text: &str) -> Late {
        let parameter = Parameter {
            kind,
            description: text.to_owned(),
            default: None,
            allowed_values: Vec::new(),
        };
        self.parameter(&Arc::from(id), &FieldPath::root("name"), parameter)
    }

    /// Adds an output people read after the template was deployed.
    pub(crate) fn output(&mut self, id: &Arc<str>, description: &str, value: &Late) {
        let body = serde_json::json!({
            "Description": description,
            "Value": shape::plain(value),
        });
        let id = ObjectId::new(OUTPUT, Arc::clone(id));
        self.outputs.push(Object { id, body });
    }

    /// Adds a request to run a job once, which no resource of the template stands for.
    pub(crate) fn run(&mut self, name: &str, run: &RunTask) {
        self.runs.push(Object {
            id: ObjectId::new(RUN_TASK, name),
            body: shape::plain(run),
        });
    }

    /// Everything, in the order it would be created.
    pub(crate) fn finish(self, ledger: Ledger) -> Translation {
        let parameters = self.parameters.iter().map(|(id, parameter)| Object {
            id: ObjectId::new(PARAMETER, Arc::clone(id)),
            body: shape::plain(parameter),
        });
        let mut objects: Vec<Object> = parameters.collect();
        objects.extend(self.foundation);
        objects.extend(self.workloads);
        objects.extend(self.outputs);
        objects.extend(self.runs);
        Translation {
            objects,
            ledger,
            conflicts: self.names.into_conflicts(),
        }
    }

    /// How many resources and parameters there are, and about how many bytes they take as YAML.
    pub(crate) fn size(&self) -> TemplateSize {
        let resources = || self.foundation.iter().chain(&self.workloads);
        let bytes = resources()
            .map(|object| shape::yaml_bytes(&object.body, 2))
            .sum();
        TemplateSize {
            resources: resources().count(),
            parameters: self.parameters.len(),
            bytes,
        }
    }
}
