//! What every rendering of every stack of `fixtures/stacks` refers to is there.

use serde_json::Value;

use crate::references::{Judgement, Target, judge};
use crate::stacks::{folders, text, tranship};

#[test]
fn every_name_leads_somewhere_and_everything_referred_to_is_there() {
    let mut all = Judgement::default();
    for folder in folders("stacks") {
        let answer = |arguments: &[&str]| {
            let output = tranship(&folder, arguments);
            assert!(output.status.success(), "{}", text(&output.stderr));
            output.stdout
        };
        let json = |arguments: &[&str]| -> Value {
            serde_json::from_slice(&answer(arguments)).expect("JSON")
        };
        let config = json(&["config", "--format", "json"]);
        let check = json(&["check", "--format", "json"]);
        for (target, name) in [
            (Target::Kubernetes, "kubernetes"),
            (Target::Swarm, "swarm"),
            (Target::Ecs, "ecs"),
        ] {
            let accounts = check["targets"].as_array().expect("targets");
            let mut accounts = accounts.iter();
            let account = accounts.find(|account| account["target"] == name);
            let rendering = text(&answer(&["convert", "--to", name]));
            let documents = serde_saphyr::from_multiple(&rendering).expect("YAML");
            all.add(judge(
                target,
                &config,
                account.expect("an account"),
                &documents,
            ));
        }
    }
    assert!(all.faults.is_empty(), "{:#?}", all.faults);
    let sums = all.sums();
    let counts = [all.names, all.references, all.probes, all.mounts, all.pairs];
    assert!(counts.iter().all(|count| count.kept > 0), "{sums}");
}
