//! The template and the requests while they are written.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use tranship_backend::{Conversion, NameTable, RenderError, Translation};
use tranship_model::{FieldPath, Ledger, ObjectId};

use crate::api::RunTask;
use crate::cloudformation::{Output, Parameter, Resource};
use crate::late::{Late, LateList};
use crate::parts::{Form, Parts};
use crate::{LaunchType, manifest};

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
    form: Form,
    outputs: Parts,
    foundation: Parts,
    workloads: Parts,
    runs: Parts,
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

/// How many parts the template has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TemplateSize {
    /// Resources in it.
    pub(crate) resources: usize,
    /// Parameters in it.
    pub(crate) parameters: usize,
}

impl Draft {
    /// An empty template, to be made into `form`.
    pub(crate) fn new(launch: LaunchType, form: Form) -> Self {
        Self {
            launch,
            names: NameTable::default(),
            has_file_system: false,
            has_execution_role: false,
            has_outbound_group: false,
            parameters: IndexMap::new(),
            form,
            outputs: Parts::new(form),
            foundation: Parts::new(form),
            workloads: Parts::new(form),
            runs: Parts::new(form),
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
        self.standing_resource(kind, id, owner, properties, Standing::default())
    }

    /// Adds a resource that stands in the template in a way of its own.
    pub(crate) fn standing_resource(
        &mut self,
        kind: &'static str,
        id: &Arc<str>,
        owner: &FieldPath,
        properties: &impl Serialize,
        standing: Standing,
    ) -> ObjectId {
        self.names.claim("logical id", id, owner);
        let Standing {
            depends_on,
            retained,
            stage,
        } = standing;
        let resource = Resource::new(kind, depends_on, retained, properties);
        let object = ObjectId::new(kind, Arc::clone(id));
        let parts = match stage {
            Stage::Foundation => &mut self.foundation,
            Stage::Workload => &mut self.workloads,
        };
        parts.push(object.clone(), &resource);
        object
    }

    /// Whether the last resource that runs may hold what CloudFormation takes for a reference to
    /// a value kept elsewhere.
    pub(crate) fn last_workload_may_refer(&self) -> bool {
        self.workloads.last_may_refer()
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
    pub(crate) fn output(&mut self, id: &Arc<str>, output: &Output) {
        self.outputs
            .push(ObjectId::new(OUTPUT, Arc::clone(id)), output);
    }

    /// Adds a request to run a job once, which no resource of the template stands for.
    pub(crate) fn run(&mut self, name: &str, run: &RunTask) {
        self.runs.push(ObjectId::new(RUN_TASK, name), run);
    }

    /// Everything as plain data, in the order it would be created.
    pub(crate) fn into_translation(self, ledger: Ledger) -> Translation {
        let parts = [
            self.parameters(),
            self.foundation,
            self.workloads,
            self.outputs,
            self.runs,
        ];
        Translation {
            objects: parts.into_iter().flat_map(Parts::into_objects).collect(),
            ledger,
            conflicts: self.names.into_conflicts(),
        }
    }

    /// The template of the stack called `name`, as a file.
    ///
    /// # Errors
    ///
    /// [`RenderError`] when a part of it cannot be written, which is a bug.
    pub(crate) fn into_conversion(
        self,
        name: &str,
        ledger: Ledger,
    ) -> Result<Conversion, RenderError> {
        let parameters = self.parameters().into_section()?;
        let resources = [
            self.foundation.into_section()?,
            self.workloads.into_section()?,
        ];
        let outputs = self.outputs.into_section()?;
        Ok(Conversion {
            files: vec![manifest::template(name, &parameters, &resources, &outputs)?],
            ledger,
            conflicts: self.names.into_conflicts(),
        })
    }

    fn parameters(&self) -> Parts {
        let mut parts = Parts::new(self.form);
        for (id, parameter) in &self.parameters {
            parts.push(ObjectId::new(PARAMETER, Arc::clone(id)), parameter);
        }
        parts
    }

    /// How large the template is.
    pub(crate) fn size(&self) -> TemplateSize {
        TemplateSize {
            resources: self.foundation.count() + self.workloads.count(),
            parameters: self.parameters.len(),
        }
    }

    /// About how many bytes the template takes.
    pub(crate) fn bytes(&self) -> usize {
        self.foundation.bytes() + self.workloads.bytes()
    }
}
