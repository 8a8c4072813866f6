//! What only the account knows: the ids and addresses of what the stack made.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What functions of the template give, by a name of ours.
pub(super) type Values = BTreeMap<String, Value>;

/// A function of the template in a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Function {
    /// `Ref`.
    Reference(String),
    /// `Fn::GetAtt`.
    Attribute(String, String),
}

impl Function {
    /// The function a value is, if it is one.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        let mut members = members.iter();
        let (name, argument) = members.next()?;
        if members.next().is_some() {
            return None;
        }
        match name.as_str() {
            "Ref" => Some(Self::Reference(argument.as_str()?.to_owned())),
            "Fn::GetAtt" => {
                let part = |index| Some(argument.get(index)?.as_str()?.to_owned());
                Some(Self::Attribute(part(0_usize)?, part(1_usize)?))
            }
            _property => None,
        }
    }

    /// The resource or parameter it names.
    pub(super) fn about(&self) -> &str {
        match self {
            Self::Reference(id) | Self::Attribute(id, _) => id,
        }
    }

    /// The name of the output that says what it gives.
    pub(super) fn output(&self) -> String {
        match self {
            Self::Reference(id) => format!("Ref{id}"),
            Self::Attribute(id, attribute) => format!("Att{id}{}", attribute.replace('.', "")),
        }
    }
}

/// Every function in a value.
pub(super) fn functions(value: &Value) -> Vec<Function> {
    if let Some(function) = Function::of(value) {
        return vec![function];
    }
    match value {
        Value::Object(members) => members.values().flat_map(functions).collect(),
        Value::Array(items) => items.iter().flat_map(functions).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Puts what functions give in their place; one that gives nothing yet stays.
pub(super) fn resolve(value: &Value, values: &Values) -> Value {
    if let Some(picked) = picked(value, values) {
        return picked;
    }
    if let Some(function) = Function::of(value) {
        return values
            .get(&function.output())
            .cloned()
            .unwrap_or_else(|| value.clone());
    }
    match value {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| (key.clone(), resolve(value, values));
            Value::Object(members.iter().map(member).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| resolve(item, values)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// What `Fn::Select` gives.
fn picked(value: &Value, values: &Values) -> Option<Value> {
    let argument = value.get("Fn::Select")?;
    let index = usize::try_from(argument.get(0)?.as_u64()?).ok()?;
    let list = resolve(argument.get(1)?, values);
    list.get(index).cloned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn functions_give_what_the_account_says_and_texts_stay() {
        let values = Values::from([
            ("RefSubnetIds".to_owned(), json!(["a", "b", "c"])),
            ("AttRoleArn".to_owned(), json!("arn:role")),
        ]);
        let request = json!({
            "role": {"Fn::GetAtt": ["Role", "Arn"]},
            "subnets": [{"Fn::Select": [1, {"Ref": "SubnetIds"}]}],
            "group": {"Ref": "Group"},
            "command": ["echo ${RefSubnetIds}"],
        });
        let expected = json!({
            "role": "arn:role",
            "subnets": ["b"],
            "group": {"Ref": "Group"},
            "command": ["echo ${RefSubnetIds}"],
        });
        assert_eq!(resolve(&request, &values), expected);
        assert_eq!(functions(&request).len(), 3);
    }
}
