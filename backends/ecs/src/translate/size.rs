//! The size of a task.

use tranship_model::{Ledger, ObjectId};

use super::resources::cpu_units;
use super::task::TaskDraft;
use crate::codes;
use crate::survey::Unit;

/// A size Fargate has: CPU units, and MiB from, to, in steps.
struct Size {
    cpu: u64,
    from: u64,
    to: u64,
    step: u64,
}

/// What a task definition says of the size of its tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TaskSize {
    /// CPU units, 1024 to a core.
    pub(crate) cpu: Option<u64>,
    /// MiB.
    pub(crate) memory: Option<u64>,
}

/// The sizes of Fargate, smallest first.
///
/// Source: ECS API reference, `RegisterTaskDefinition`, `cpu`; 256 units take 512, 1024 or 2048
/// MiB, which the step of 512 with a hole at 1536 stands for.
const SIZES: [Size; 8] = [
    Size {
        cpu: 256,
        from: 512,
        to: 2048,
        step: 512,
    },
    Size {
        cpu: 512,
        from: 1024,
        to: 4096,
        step: 1024,
    },
    Size {
        cpu: 1024,
        from: 2048,
        to: 8192,
        step: 1024,
    },
    Size {
        cpu: 2048,
        from: 4096,
        to: 16384,
        step: 1024,
    },
    Size {
        cpu: 4096,
        from: 8192,
        to: 30720,
        step: 1024,
    },
    Size {
        cpu: 8192,
        from: 16384,
        to: 61440,
        step: 4096,
    },
    Size {
        cpu: 16384,
        from: 32768,
        to: 122_880,
        step: 8192,
    },
    Size {
        cpu: 32768,
        from: 61440,
        to: 249_856,
        step: 61440,
    },
];

/// What the containers of a task ask for together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Demand {
    /// CPU units.
    pub(crate) cpu: u64,
    /// MiB.
    pub(crate) memory: u64,
}

/// The smallest size of Fargate that satisfies `demand`, as CPU units and MiB; the largest there
/// is when none does.
pub(crate) fn smallest(demand: Demand) -> (u64, u64) {
    let mut fitting = SIZES.iter().filter(|size| size.cpu >= demand.cpu);
    let pair = fitting.find_map(|size| Some((size.cpu, size.memory_for(demand.memory)?)));
    pair.unwrap_or((32768, 249_856))
}

impl Size {
    fn memory_for(&self, wanted: u64) -> Option<u64> {
        let steps = wanted.saturating_sub(self.from).div_ceil(self.step);
        let memory = match (self.cpu, self.from + steps * self.step) {
            (256, 1536) => 2048,
            (32768, memory) if memory > 122_880 => 249_856,
            (_, memory) => memory,
        };
        (memory >= wanted && memory <= self.to).then_some(memory)
    }
}

/// The size of the task, as CPU units and MiB, and what becomes of the wishes of its containers.
pub(crate) fn translate(
    task: &TaskDraft,
    ledger: &mut Ledger,
    unit: &Unit<'_>,
    object: &ObjectId,
) -> TaskSize {
    let demand = demand(unit);
    if !task.is_fargate() {
        return TaskSize {
            cpu: instance_cpu(ledger, unit, object, demand),
            memory: None,
        };
    }
    let (cpu, memory) = smallest(demand);
    note_fargate(ledger, unit, object, demand, (cpu, memory));
    TaskSize {
        cpu: Some(cpu),
        memory: Some(memory),
    }
}

fn demand(unit: &Unit<'_>) -> Demand {
    let mut sum = Demand::default();
    for member in &unit.members {
        let resources = &member.run.task().resources;
        let cpu = resources
            .cpu_limit
            .max(resources.cpu_reservation)
            .map_or(0, cpu_units);
        let memory = resources.memory_limit.max(resources.memory_reservation);
        sum.cpu = sum.cpu.saturating_add(cpu);
        sum.memory = sum
            .memory
            .saturating_add(memory.map_or(0, |size| size.mebibytes_rounded_up().max(6)));
    }
    sum
}

fn note_fargate(
    ledger: &mut Ledger,
    unit: &Unit<'_>,
    object: &ObjectId,
    demand: Demand,
    (cpu, memory): (u64, u64),
) {
    let fits = cpu >= demand.cpu && memory >= demand.memory;
    let says_nothing = demand == Demand::default();
    for member in &unit.members {
        let resources = &member.run.task().resources;
        let mut topic = ledger.topic(member.run.path().clone(), vec![object.clone()]);
        if says_nothing {
            topic.key("cpu_limit").implicit(&codes::TASK_SIZE, "the task gets 0.25 cores and 512 MiB, and no more: Fargate demands a size, and the file says none");
            continue;
        }
        let given = format!(
            "the task gets {} cores and {memory} MiB, the smallest size of Fargate",
            cores(cpu)
        );
        let wishes = [
            ("cpu_limit", resources.cpu_limit),
            ("cpu_reservation", resources.cpu_reservation),
        ];
        for (key, wish) in wishes {
            let Some(wish) = wish else { continue };
            let mut topic = topic.key(key);
            match (fits, cpu_units(wish) == cpu && unit.members.len() == 1) {
                (false, _) => topic.refused(&codes::TASK_SIZE, too_large(demand)),
                (true, true) => topic.exact(),
                (true, false) => topic.approximate(
                    &codes::TASK_SIZE,
                    format!("{given} that holds what its containers ask for"),
                ),
            }
        }
        if !fits
            && resources
                .memory_limit
                .max(resources.memory_reservation)
                .is_some()
        {
            topic
                .key("memory_limit")
                .refused(&codes::TASK_SIZE, too_large(demand));
        }
    }
}

fn too_large(demand: Demand) -> String {
    format!(
        "no size of Fargate holds {} cores and {} MiB; the largest is 32 cores and 249856 MiB",
        cores(demand.cpu),
        demand.memory
    )
}

/// Cores with as many digits as they need, such as `0.25`.
fn cores(units: u64) -> String {
    let thousandths = units.saturating_mul(1000) / 1024;
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// On an instance, only a whole task can be kept from using more of a processor.
fn instance_cpu(
    ledger: &mut Ledger,
    unit: &Unit<'_>,
    object: &ObjectId,
    demand: Demand,
) -> Option<u64> {
    let is_limited = unit
        .members
        .iter()
        .all(|member| member.run.task().resources.cpu_limit.is_some());
    let cpu = is_limited.then(|| demand.cpu.clamp(128, 196_608));
    for member in &unit.members {
        let Some(limit) = member.run.task().resources.cpu_limit else {
            continue;
        };
        let mut topic = ledger.topic(member.run.path().clone(), vec![object.clone()]);
        let mut topic = topic.key("cpu_limit");
        match cpu {
            Some(cpu) if cpu == cpu_units(limit) => topic.exact(),
            Some(cpu) => topic.approximate(
                &codes::TASK_SIZE,
                format!("the whole task may use {} cores", cores(cpu)),
            ),
            None => topic.approximate(
                &codes::CPU,
                "it gets this part when others want the processor too, and more when they do not",
            ),
        }
    }
    cpu
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_smallest_size_that_holds_the_demand_is_taken() {
        let cases = [
            ((0, 0), (256, 512)),
            ((256, 1100), (256, 2048)),
            ((256, 2049), (512, 3072)),
            ((300, 100), (512, 1024)),
            ((4096, 30721), (8192, 32768)),
            ((32768, 130_000), (32768, 249_856)),
        ];
        for ((cpu, memory), expected) in cases {
            assert_eq!(smallest(Demand { cpu, memory }), expected);
        }
    }

    proptest! {
        #[test]
        fn a_size_holds_what_is_asked_and_is_one_of_fargates(cpu in 0u64..=32768, memory in 0u64..=249_856) {
            let (given_cpu, given_memory) = smallest(Demand { cpu, memory });
            prop_assert!(given_cpu >= cpu && given_memory >= memory);
            let size = SIZES.iter().find(|size| size.cpu == given_cpu).unwrap();
            prop_assert!((size.from..=size.to).contains(&given_memory));
            prop_assert_eq!(size.memory_for(given_memory), Some(given_memory));
        }
    }
}
