//! What becomes of single values: objects and notes together.

#![expect(
    clippy::indexing_slicing,
    reason = "a test that fails there is a test that fails"
)]

use std::fmt::Write;

use indexmap::IndexMap;
use serde_json::Value;
use tranship_backend::{Translate, Translation};
use tranship_ecs::{Ecs, LaunchType};
use tranship_model::{NetworkMode, Provider, RestartCondition, Scheduling, Service, Stack};

use crate::sample;

/// The body of an object, and the notes about a value or those inside it that are not exact.
fn translated(stack: &Stack, launch_type: LaunchType, object: &str, path: &str) -> String {
    let translation = Ecs { launch_type }.translate(stack);
    let mut text = String::new();
    if let Some(body) = body_of(stack, &translation, object) {
        let _ = writeln!(text, "{body:#}");
    }
    text + &notes(&translation, path)
}

/// What stands in the template or in a request.
fn body_of(stack: &Stack, translation: &Translation, object: &str) -> Option<Value> {
    let requests = Ecs::requests(stack, translation);
    let mut all = translation.objects.iter().chain(&requests);
    let found = all.find(|candidate| candidate.id.to_string() == object)?;
    Some(found.body.clone())
}

fn notes(translation: &Translation, path: &str) -> String {
    let mut text = String::new();
    let entries = translation
        .ledger
        .entries()
        .iter()
        .filter(|entry| entry.path.as_str().starts_with(path));
    for entry in entries {
        if let Some(code) = entry.code {
            let _ = writeln!(
                text,
                "{} {} [{}]: {}",
                entry.outcome, entry.path, code.name, entry.detail
            );
        }
    }
    text
}

fn shop_with(change: fn(&mut Service)) -> Stack {
    let mut stack = sample::shop();
    change(&mut stack.services["api"]);
    stack
}

/// Docker runs a program for it and no container, whatever image stands beside.
#[test]
fn nothing_is_made_for_a_service_of_a_provider_and_all_it_says_is_accounted_for() {
    let stack = shop_with(|api| {
        api.provider = Some(Provider {
            kind: "cloud".to_owned(),
            options: IndexMap::new(),
        });
    });
    for launch_type in [LaunchType::Fargate, LaunchType::Ec2] {
        let translation = Ecs { launch_type }.translate(&stack);
        let requests = Ecs::requests(&stack, &translation);
        let ids = translation.objects.iter().chain(&requests);
        let made: Vec<String> = ids.map(|object| object.id.to_string()).collect();
        assert!(made.iter().any(|id| id == "CreateService db"), "{made:?}");
        let of_provider = |id: &&String| id.to_ascii_lowercase().ends_with(" api");
        assert_eq!(made.iter().find(of_provider), None);
        assert_eq!(
            notes(&translation, "services.api"),
            "refused services.api [ecs-provider]: nothing on ECS runs the provider `cloud`; \
             nothing is made for it\n"
        );
    }
}

#[test]
fn a_service_stops_the_old_task_first_when_it_has_a_volume() {
    let stack = sample::shop();
    insta::assert_snapshot!(translated(&stack, LaunchType::Fargate, "CreateService db", "services.db.update"), @r#"
    {
      "cluster": "shop",
      "serviceName": "db",
      "taskDefinition": "shop-db",
      "launchType": "FARGATE",
      "schedulingStrategy": "REPLICA",
      "desiredCount": 1,
      "availabilityZoneRebalancing": "DISABLED",
      "deploymentConfiguration": {
        "deploymentCircuitBreaker": {
          "enable": true,
          "rollback": true
        },
        "maximumPercent": 100,
        "minimumHealthyPercent": 0
      },
      "networkConfiguration": {
        "awsvpcConfiguration": {
          "subnets": [
            "${SubnetA}",
            "${SubnetB}"
          ],
          "securityGroups": [
            "${BackNetworkGroupId}",
            "${FileSystemGroupGroupId}"
          ],
          "assignPublicIp": "ENABLED"
        }
      },
      "serviceRegistries": [
        {
          "registryArn": "${DbDiscoveryArn}"
        }
      ],
      "propagateTags": "SERVICE"
    }
    approximate services.db.update [ecs-update-default]: old tasks stop before new ones start, as with compose; when new ones fail, the old come back
    "#);
}

#[test]
fn a_health_check_is_kept_within_what_ecs_takes() {
    let stack = sample::shop();
    insta::assert_snapshot!(translated(&stack, LaunchType::Fargate, "none", "services.api.health_check"), @"approximate services.api.health_check.interval [ecs-health-range]: 5 s, not 2s: ECS takes whole seconds from 5 to 300");
}

#[test]
fn a_service_others_wait_for_to_end_is_a_job() {
    let stack = sample::shop();
    insta::assert_snapshot!(translated(&stack, LaunchType::Fargate, "RunTask migrate", "services.migrate.scheduling"), @r#"
    {
      "Cluster": "shop",
      "TaskDefinition": "shop-migrate",
      "Count": 1,
      "LaunchType": "FARGATE",
      "NetworkConfiguration": {
        "AwsvpcConfiguration": {
          "Subnets": {
            "Ref": "SubnetIds"
          },
          "SecurityGroups": [
            {
              "Fn::GetAtt": [
                "DefaultNetwork",
                "GroupId"
              ]
            }
          ],
          "AssignPublicIp": "ENABLED"
        }
      },
      "PropagateTags": "TASK_DEFINITION"
    }
    approximate services.migrate.scheduling [ecs-job]: others wait for its end, so it is a job: `aws ecs run-task` starts it, not the template
    "#);
}

#[test]
fn a_secret_is_a_parameter_and_a_role_that_reads_it() {
    let stack = sample::shop();
    insta::assert_snapshot!(translated(&stack, LaunchType::Fargate, "AWS::IAM::Role ApiExecutionRole", "secrets"), @r#"
    {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "AssumeRolePolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Principal": {
                "Service": "ecs-tasks.amazonaws.com"
              },
              "Action": [
                "sts:AssumeRole"
              ]
            }
          ]
        },
        "ManagedPolicyArns": [
          {
            "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
          }
        ],
        "Policies": [
          {
            "PolicyName": "secrets",
            "PolicyDocument": {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "secretsmanager:GetSecretValue",
                    "ssm:GetParameters"
                  ],
                  "Resource": [
                    {
                      "Ref": "DbPasswordSecretArn"
                    }
                  ]
                }
              ]
            }
          }
        ]
      }
    }
    approximate secrets.db-password [ecs-secret]: the value is not taken along: create a secret with it, and name it in the parameter `DbPasswordSecretArn`
    "#);
}

#[test]
fn a_service_that_joins_the_network_of_another_runs_in_its_task() {
    let stack = shop_with(|api| {
        api.task.networking.mode = NetworkMode::Service("web".to_owned());
        api.task.lifecycle.dependencies.clear();
    });
    let translation = Ecs::default().translate(&stack);
    let containers = |object: &str| {
        let body = body_of(&stack, &translation, object).unwrap_or_default();
        let containers = body["containerDefinitions"].as_array();
        let names = containers
            .into_iter()
            .flatten()
            .filter_map(|container| container.get("name")?.as_str());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        containers("RegisterTaskDefinition web"),
        "_search _files web api"
    );
    assert_eq!(containers("RegisterTaskDefinition api"), "");
    insta::assert_snapshot!(notes(&translation, "services.api.mode"), @"equivalent services.api.mode [ecs-shared-task]: it runs in the task of `web`: both start, stop and scale together");
}

#[test]
fn a_service_is_found_by_the_name_of_its_container_too() {
    let named = |name: Option<&str>| {
        let mut stack = sample::shop();
        stack.services["api"].task.process.container_name = name.map(str::to_owned);
        let translation = Ecs::default().translate(&stack);
        let names = translation.objects.iter().filter_map(|object| {
            let pointer = "/Properties/InstanceAttributes/AWS_INSTANCE_CNAME";
            object.body.pointer(pointer)?.as_str().map(str::to_owned)
        });
        let notes = notes(&translation, "services.api.container_name");
        (
            names.filter(|name| name == "api.shop.internal").count(),
            notes,
        )
    };
    let (without, _) = named(None);
    let (found, said) = named(Some("shop-backend"));
    assert_eq!(found, without + 1);
    assert!(said.starts_with("equivalent"), "{said}");
    let (lost, said) = named(Some("shop.backend"));
    assert_eq!(lost, without);
    assert!(
        said.contains("no service finds it as `shop.backend`"),
        "{said}"
    );
}

#[test]
fn a_global_service_is_a_daemon_on_instances_only() {
    let stack = shop_with(|api| api.scheduling = Scheduling::Global);
    let mut text = translated(
        &stack,
        LaunchType::Ec2,
        "CreateService api",
        "services.api.scheduling",
    );
    text += &translated(
        &stack,
        LaunchType::Fargate,
        "none",
        "services.api.scheduling",
    );
    insta::assert_snapshot!(text, @r#"
    {
      "cluster": "shop",
      "serviceName": "api",
      "taskDefinition": "shop-api",
      "launchType": "EC2",
      "schedulingStrategy": "DAEMON",
      "deploymentConfiguration": {
        "deploymentCircuitBreaker": {
          "enable": true,
          "rollback": true
        },
        "minimumHealthyPercent": 0
      },
      "networkConfiguration": {
        "awsvpcConfiguration": {
          "subnets": [
            "${SubnetA}",
            "${SubnetB}"
          ],
          "securityGroups": [
            "${DefaultNetworkGroupId}",
            "${BackNetworkGroupId}"
          ]
        }
      },
      "serviceRegistries": [
        {
          "registryArn": "${ApiDiscoveryArn}"
        }
      ],
      "propagateTags": "SERVICE"
    }
    refused services.api.scheduling [ecs-global]: one task, not one on every node: Fargate has no nodes
    "#);
}

#[test]
fn a_service_that_is_never_restarted_is_started_by_request() {
    let stack = shop_with(|api| {
        api.task.lifecycle.restart = Some(sample::restart(RestartCondition::Never));
    });
    insta::assert_snapshot!(translated(&stack, LaunchType::Fargate, "CreateService api", "services.api.scheduling"), @"approximate services.api.scheduling [ecs-job]: it is never restarted, so it is a job: `aws ecs run-task` starts it, not the template");
}

#[test]
fn text_of_users_is_never_a_function_of_the_template() {
    let stack = sample::shop();
    let translation = Ecs::default().translate(&stack);
    let substituted: Vec<_> = translation
        .objects
        .iter()
        .filter(|object| {
            let text = object.body.to_string();
            text.contains("Fn::Sub") && text.contains("NOT_OURS")
        })
        .collect();
    assert!(substituted.is_empty(), "{substituted:?}");
}

#[test]
fn tasks_whose_secrets_do_not_exist_start_with_the_shared_role() {
    // The corpus stack `zulip`: the template referred to a role it did not create.
    let mut stack = shop_with(|api| api.task.storage.secrets[0].source = "nothing".to_owned());
    stack.services.retain(|name, _| name == "api");
    let translation = Ecs::default().translate(&stack);
    let ids: Vec<_> = translation
        .objects
        .iter()
        .map(|object| object.id.to_string())
        .collect();
    assert!(
        ids.contains(&"AWS::IAM::Role ExecutionRole".to_owned()),
        "{ids:?}"
    );
}
