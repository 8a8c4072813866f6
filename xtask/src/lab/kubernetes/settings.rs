//! What the cluster's programs are told, as the texts of their files.

use super::Cluster;
use super::node::ClusterNode;

/// The name of the cluster's zone in DNS.
const ZONE: &str = "cluster.local";

/// The image every pod's network is held by; it only sleeps.
pub(super) const PAUSE: &str = "tranship.lab/pause:1";

/// What clients need, and whoever else reads the file: it is an administrator's.
pub(super) fn kubeconfig(cluster: &Cluster, token: &str) -> String {
    format!(
        "apiVersion: v1
kind: Config
current-context: lab
clusters:
  - name: lab
    cluster:
      server: https://{address}:6443
      certificate-authority: {certificate}
users:
  - name: admin
    user:
      token: {token}
contexts:
  - name: lab
    context:
      cluster: lab
      user: admin
",
        address = cluster.address(),
        certificate = cluster.certificate().display(),
    )
}

/// Containers, with images from the cluster's own registry whatever they are called.
pub(super) fn containerd(cluster: &Cluster, node: &ClusterNode) -> String {
    format!(
        r#"version = 2
root = "{data}/containerd"
state = "{run}/containerd"

[grpc]
address = "{socket}"

[ttrpc]
address = "{run}/ttrpc.sock"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE}"
# Without CAP_SYS_RESOURCE no pod would start: it may not lower a score.
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "{run}/cni"

[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "{hosts}"
"#,
        data = node.data.display(),
        run = node.run.display(),
        socket = node.socket().display(),
        hosts = cluster.run.join("registries").display(),
    )
}

/// Where images come from, whatever registry their names say.
pub(super) fn registry_hosts(registry: &str) -> String {
    format!(
        r#"server = "http://{registry}"

[host."http://{registry}"]
capabilities = ["pull", "resolve"]
"#
    )
}

/// The network of pods. Each has a link of its own to its node, so that what they say to each
/// other passes the node's rules, as services need; a bridge would depend on a kernel module.
pub(super) fn pod_network(node: &ClusterNode) -> String {
    format!(
        r#"{{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [
    {{
      "type": "ptp",
      "ipMasq": false,
      "ipam": {{
        "type": "host-local",
        "dataDir": "{run}/addresses",
        "ranges": [[{{ "subnet": "{pods}" }}]],
        "routes": [{{ "dst": "0.0.0.0/0" }}]
      }}
    }},
    {{ "type": "portmap", "capabilities": {{ "portMappings": true }} }}
  ]
}}
"#,
        run = node.run.display(),
        pods = node.pods,
    )
}

/// The agent of a node.
pub(super) fn kubelet(cluster: &Cluster, node: &ClusterNode) -> String {
    format!(
        "apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: {address}
# Only the machine itself reaches the node.
authentication: {{ anonymous: {{ enabled: true }}, webhook: {{ enabled: false }} }}
authorization: {{ mode: AlwaysAllow }}
cgroupDriver: cgroupfs
# Two of them below one group would end each other's pods.
cgroupRoot: {cgroup}
enforceNodeAllocatable: []
clusterDNS: [{dns}]
clusterDomain: {ZONE}
resolvConf: {run}/resolv.conf
containerRuntimeEndpoint: unix://{socket}
evictionHard:
  memory.available: 50Mi
  nodefs.available: 1%
  nodefs.inodesFree: 1%
  imagefs.available: 1%
failCgroupV1: false
failSwapOn: false
imageGCHighThresholdPercent: 100
localStorageCapacityIsolation: false
maxPods: 250
podLogsDir: {data}/log
registryPullQPS: 0
serializeImagePulls: false
volumePluginDir: {data}/plugins
",
        address = node.node.address,
        cgroup = node.cgroup.path(),
        dns = cluster.address(),
        run = node.run.display(),
        data = node.data.display(),
        socket = node.socket().display(),
    )
}

/// The addresses of services on a node.
pub(super) fn proxy(cluster: &Cluster, node: &ClusterNode) -> String {
    format!(
        "apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection:
  kubeconfig: {kubeconfig}
# There is no IPVS in every kernel.
mode: iptables
hostnameOverride: {name}
# The kernel's limits belong to the whole machine.
conntrack: {{ maxPerCore: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s }}
iptables: {{ minSyncPeriod: 0s }}
healthzBindAddress: 127.0.0.1:10256
metricsBindAddress: 127.0.0.1:10249
",
        kubeconfig = cluster.kubeconfig().display(),
        name = node.name(),
    )
}

/// Names of services.
pub(super) fn dns(cluster: &Cluster) -> String {
    format!(
        ".:53 {{
    bind {address}
    errors
    ready 127.0.0.1:8181
    kubernetes {ZONE} in-addr.arpa {{
        kubeconfig {kubeconfig} lab
        pods insecure
        ttl 1
    }}
}}
",
        address = cluster.address(),
        kubeconfig = cluster.kubeconfig().display(),
    )
}

/// What every cluster has from the start.
pub(super) const OBJECTS: &str = "apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: lab
  annotations:
    storageclass.kubernetes.io/is-default-class: \"true\"
provisioner: tranship.dev/lab
reclaimPolicy: Delete
volumeBindingMode: Immediate
";
