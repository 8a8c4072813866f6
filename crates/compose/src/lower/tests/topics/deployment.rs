//! How tasks live and how many there are.

use tranship_model::{
    Amount, ByteSize, Constraint, ConstraintOperator, Cpus, DeviceCount, HealthTest,
    RestartCondition, Scheduling, SwapLimit,
};

use super::{Tested, notes, origins, web};

#[test]
fn the_deploy_section_wins_over_the_short_keys() -> Tested {
    let (service, lowered) = web("
restart: always
deploy: { restart_policy: { condition: on-failure, max_attempts: 4, delay: 3s } }")?;
    let restart = service.task.lifecycle.restart.ok_or("no policy")?;
    assert_eq!(restart.condition, RestartCondition::OnFailure);
    assert_eq!(restart.maximum_attempts, Some(4));
    assert_eq!(notes(&lowered), ["restart equivalent compose-overruled"]);
    let from = origins(&lowered, "restart.maximum_attempts");
    assert_eq!(from, ["deploy.restart_policy.max_attempts"]);
    Ok(())
}

#[test]
fn short_restart_policies_come_from_one_key() -> Tested {
    for (text, condition, attempts) in [
        ("\"no\"", RestartCondition::Never, None),
        ("always", RestartCondition::Always, None),
        ("on-failure:5", RestartCondition::OnFailure, Some(5)),
        ("unless-stopped", RestartCondition::UnlessStopped, None),
    ] {
        let (service, lowered) = web(&format!("restart: {text}"))?;
        let restart = service.task.lifecycle.restart.ok_or("no policy")?;
        assert_eq!(
            (restart.condition, restart.maximum_attempts),
            (condition, attempts)
        );
        assert_eq!(origins(&lowered, "restart.maximum_attempts"), ["restart"]);
    }
    Ok(())
}

#[test]
fn a_limit_given_twice_comes_from_both_places() -> Tested {
    let (service, lowered) = web("
mem_limit: 64m
cpus: 0.1
deploy: { resources: { limits: { memory: 64m, cpus: \"0.1\" } } }")?;
    let resources = service.task.resources;
    assert_eq!(resources.memory_limit, Some(ByteSize(64 << 20)));
    assert_eq!(resources.cpu_limit, Some(Cpus { nanos: 100_000_000 }));
    let both = ["mem_limit", "deploy.resources.limits.memory"];
    assert_eq!(origins(&lowered, "memory_limit"), both);
    Ok(())
}

#[test]
fn no_limit_is_written_one_way() -> Tested {
    let (service, _) = web("pids_limit: -7\nmemswap_limit: -1")?;
    assert_eq!(service.task.resources.pids_limit, Some(-1));
    assert_eq!(
        service.task.resources.swap_limit,
        Some(SwapLimit::Unlimited)
    );
    Ok(())
}

#[test]
fn the_number_of_tasks_stands_at_scale_or_under_deploy() -> Tested {
    let replicated = |replicas| Scheduling::Replicated { replicas };
    for (text, scheduling) in [
        ("restart: always", replicated(None)),
        ("scale: 3", replicated(Some(3))),
        ("deploy: { replicas: 0 }", replicated(Some(0))),
        (
            "deploy: { mode: replicated-job, replicas: 2 }",
            Scheduling::ReplicatedJob {
                completions: Some(2),
            },
        ),
        ("deploy: { mode: global-job }", Scheduling::GlobalJob),
    ] {
        assert_eq!(web(text)?.0.scheduling, scheduling, "{text}");
    }
    Ok(())
}

#[test]
fn replicas_of_a_global_service_are_noted() -> Tested {
    let (service, lowered) = web("deploy: { mode: global, replicas: 3 }")?;
    assert_eq!(service.scheduling, Scheduling::Global);
    assert_eq!(
        notes(&lowered),
        ["deploy.replicas dropped compose-overruled"]
    );
    Ok(())
}

#[test]
fn constraints_are_taken_apart_with_and_without_blanks() -> Tested {
    let (service, _) = web(
        "deploy: { placement: { constraints: [node.role == manager, node.labels.a!=b==c, odd, '== x'] } }",
    )?;
    let attribute = |attribute: &str, operator, value: &str| Constraint::Attribute {
        attribute: attribute.to_owned(),
        operator,
        value: value.to_owned(),
    };
    let expected = [
        attribute("node.role", ConstraintOperator::Equal, "manager"),
        attribute("node.labels.a", ConstraintOperator::NotEqual, "b==c"),
        Constraint::Unparsed("odd".to_owned()),
        Constraint::Unparsed("== x".to_owned()),
    ];
    assert_eq!(service.placement.constraints, expected);
    Ok(())
}

#[test]
fn a_parallelism_of_zero_is_all_at_once() -> Tested {
    let (service, lowered) = web("deploy: { update_config: { parallelism: 0 } }")?;
    let update = service.update.ok_or("no policy")?;
    assert_eq!(update.parallelism, Some(Amount::All));
    let from = origins(&lowered, "update.maximum_failure");
    assert_eq!(from, ["deploy.update_config.max_failure_ratio"]);
    Ok(())
}

#[test]
fn a_health_check_can_be_switched_off_in_two_ways() -> Tested {
    for text in ["disable: true", "test: [NONE]"] {
        let (service, _) = web(&format!("healthcheck: {{ {text} }}"))?;
        let test = service
            .task
            .lifecycle
            .health_check
            .and_then(|check| check.test);
        assert_eq!(test, Some(HealthTest::Disabled), "{text}");
    }
    Ok(())
}

#[test]
fn dependencies_have_their_keys_origin() -> Tested {
    let (_, lowered) = web("depends_on: { other: { condition: service_healthy } }")?;
    assert_eq!(origins(&lowered, "dependencies[0]"), ["depends_on.other"]);
    assert_eq!(
        origins(&lowered, "dependencies[0].service"),
        ["depends_on.other"]
    );
    assert_eq!(
        origins(&lowered, "dependencies[0].condition"),
        ["depends_on.other.condition"]
    );
    Ok(())
}

#[test]
fn both_ways_to_ask_for_devices_are_requests() -> Tested {
    let (service, lowered) = web("
gpus: all
deploy: { resources: { reservations: { devices: [{ capabilities: [tpu], device_ids: [a] }] } } }")?;
    let requests = service.task.resources.device_requests;
    let asked: Vec<_> = requests
        .into_iter()
        .map(|request| (request.capabilities, request.count))
        .collect();
    let named = DeviceCount::Named(vec!["a".to_owned()]);
    let expected = [
        (vec!["gpu".to_owned()], DeviceCount::All),
        (vec!["tpu".to_owned()], named),
    ];
    assert_eq!(asked, expected);
    let reserved = "deploy.resources.reservations.devices[0]";
    assert_eq!(
        origins(&lowered, "device_requests[1].driver"),
        [format!("{reserved}.driver")]
    );
    assert_eq!(
        origins(&lowered, "device_requests[1].count"),
        [format!("{reserved}.device_ids")]
    );
    Ok(())
}

#[test]
fn a_hook_before_the_start_has_one_command_and_says_what_it_loses() -> Tested {
    let (service, lowered) = web("
entrypoint: [/entry]
cap_add: [NET_ADMIN]
pre_start: [{ command: [migrate], cap_drop: [ALL] }]")?;
    let hook = service
        .task
        .lifecycle
        .hooks
        .pre_start
        .first()
        .ok_or("no hook")?;
    assert_eq!(hook.command, ["/entry", "migrate"]);
    let notes = notes(&lowered);
    assert!(
        notes.contains(&"pre_start[0].cap_add equivalent compose-hook-inherits".to_owned()),
        "{notes:?}"
    );
    assert!(
        notes.contains(&"pre_start[0].cap_drop dropped compose-hook-attribute".to_owned()),
        "{notes:?}"
    );
    let from = origins(&lowered, "hooks.pre_start[0].command");
    assert_eq!(from, ["pre_start[0].entrypoint", "pre_start[0].command"]);
    Ok(())
}
