//! Processor and memory of tasks and their containers.

use super::form::Form;
use super::task_definition::Task;
use super::{Findings, table};
use crate::translate::size::{self, Demand};

/// Checks the sizes of a task and its containers.
pub(super) fn check(findings: &mut Findings, task: Task<'_>) {
    let (cpu, memory) = (task.form.get("Cpu"), task.form.get("Memory"));
    if task.is_fargate {
        findings.when(!is_pair(cpu, memory), &table::FARGATE_SIZE, cpu);
    } else {
        findings.when(cpu.is_outside(128, 196_608), &table::TASK_CPU, cpu);
    }
    sums(findings, task, cpu.number(), memory.number());
    for container in task.containers() {
        container_memory(findings, task, container);
    }
}

/// Whether the two are one of the sizes of Fargate.
fn is_pair(cpu: Form<'_>, memory: Form<'_>) -> bool {
    let amount = |form: Form<'_>| u64::try_from(form.number()?).ok();
    amount(cpu)
        .zip(amount(memory))
        .is_some_and(|(cpu, memory)| size::smallest(Demand { cpu, memory }) == (cpu, memory))
}

fn sums(findings: &mut Findings, task: Task<'_>, cpu: Option<i64>, memory: Option<i64>) {
    let sum = |key| -> i64 {
        let numbers = task
            .containers()
            .filter_map(|container| container.get(key).number());
        numbers.fold(0, i64::saturating_add)
    };
    let containers = task.form.get("ContainerDefinitions");
    let is_over = cpu.is_some_and(|cpu| sum("Cpu") > cpu);
    findings.when(is_over, &table::CPU_SUM, containers);
    let Some(memory) = memory else { return };
    let is_over = sum("MemoryReservation") > memory;
    findings.when(is_over, &table::MEMORY_SUM, containers);
    for container in task.containers() {
        let own = container.get("Memory");
        let is_over = own.number().is_some_and(|own| own > memory);
        findings.when(is_over, &table::MEMORY_SUM, own);
    }
}

fn container_memory(findings: &mut Findings, task: Task<'_>, container: Form<'_>) {
    let (limit, reserved) = (container.get("Memory"), container.get("MemoryReservation"));
    let has_size = task.is_fargate || task.form.get("Memory").is_set();
    let is_missing = !has_size && !limit.is_set() && !reserved.is_set();
    findings.when(is_missing, &table::MEMORY_MISSING, limit);
    for amount in [limit, reserved] {
        findings.when(amount.is_outside(6, i64::MAX), &table::MEMORY_FLOOR, amount);
    }
    if let (Some(most), Some(least)) = (limit.number(), reserved.number()) {
        findings.when(most <= least, &table::MEMORY_RESERVATION, limit);
    }
}
