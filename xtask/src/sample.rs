//! Compose files of any size, shaped like real ones.

use std::fmt::Write as _;

/// A compose file of `services` services: what people write most, in the proportions they do
/// (an image, ports, variables, volumes, a health check, a dependency, labels, deploy settings).
pub(crate) fn compose(services: usize) -> String {
    let mut text = String::from("name: bench\nservices:\n");
    for number in 0..services {
        service(&mut text, number);
    }
    text.push_str("networks:\n  back: {}\nvolumes:\n");
    for number in 0..services {
        let _ = writeln!(text, "  data{number}: {{}}");
    }
    text
}

fn service(text: &mut String, number: usize) {
    let _ = write!(
        text,
        r#"  service{number}:
    image: registry.example.com/team/service{number}:1.{number}.0
    command: ["serve", "--port", "8080", "--name", "service{number}"]
    ports:
      - "{published}:8080"
      - "9090"
    environment:
      DATABASE_URL: postgres://db:5432/app{number}
      CACHE_URL: "redis://cache:6379/0"
      LOG_LEVEL: ${{LOG_LEVEL:-info}}
      FEATURE_A: "true"
      FEATURE_B: "false"
      TIMEOUT_SECONDS: "30"
      REGION: eu-west-1
      SERVICE_NAME: service{number}
    volumes:
      - data{number}:/var/lib/service
      - type: tmpfs
        target: /tmp/cache
    networks: [back]
    healthcheck:
      test: wget -q --spider http://localhost:8080/health || exit 1
      interval: 15s
      timeout: 5s
      retries: 3
      start_period: 30s
    restart: unless-stopped
    labels:
      com.example.team: platform
      com.example.number: "{number}"
"#,
        published = 20_000 + number % 40_000,
    );
    if number > 0 {
        let _ = write!(text, "    depends_on:\n      - service{}\n", number - 1);
    }
    text.push_str(
        r#"    deploy:
      replicas: 2
      resources:
        limits: { cpus: "0.50", memory: 256M }
        reservations: { cpus: "0.10", memory: 64M }
      update_config: { parallelism: 1, delay: 10s, order: start-first, failure_action: rollback }
      placement:
        constraints: [node.role == worker]
"#,
    );
}
