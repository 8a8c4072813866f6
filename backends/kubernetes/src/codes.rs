//! The notes this backend makes, and the page about each.

tranship_model::codes! {
    // What things are called.
    STACK_NAME = "kubernetes-stack-name", "The stack's name is a label",
        "Objects are not prefixed with the stack's name: a service `db` has to be found as `db`. Every object carries the name as `app.kubernetes.io/part-of`.\n\nTwo stacks in one namespace would share their names, so give each a namespace: `kubectl create namespace shop`, then `kubectl apply -n shop -f …`.";
    NAMED = "kubernetes-named", "It has another name on the cluster",
        "Names on the cluster are lower-case letters, digits and `-`. Where the name in the file is another, the object gets a legal one; what the file refers to is still found, because names have no case.\n\nNothing to do, unless people or scripts look for the old name.";
    RENAMED = "kubernetes-renamed", "Services find it by another name",
        "The name of a service is a host name, and on the cluster a host name may not have `_`, begin with a digit or be longer than 63 characters. The service gets a legal name with a digest of its own, so that no two services ever meet in one.\n\nOther services that call it by its old name do not find it: rename the service in the file, and where it is called.";
    EXTERNAL = "kubernetes-external", "It must exist already",
        "The file says that this exists and is not the stack's own, so nothing is made for it.\n\nMake it in the namespace before the stack is applied; until then tasks that use it do not start.";
    UNUSED = "kubernetes-unused", "Nothing uses it, so nothing is made",
        "Docker makes volumes, networks, configs and secrets when a service needs them; so does this rendering.\n\nNothing to do.";
    UNDEFINED = "kubernetes-undefined", "It refers to what is not there",
        "The stack does not have, or cannot have, what this refers to. An object that refers to nothing would keep its tasks from starting, so the reference is left out.\n\nDefine it, or take the reference away.";
    ALIAS = "kubernetes-alias", "A further name is a cluster service",
        "A further name of a service is a cluster service of its own that leads to the same tasks. It is known in the whole namespace, not in one network only. It must be a legal name (lower-case letters, digits and `-`, no dots) and no other service's.\n\nWhere it is refused, call the service by its own name.";
    CONTAINER_NAME = "kubernetes-container-name", "Pods have names of their own",
        "`container_name` names the one container on one machine. On the cluster the pods of a service are named by what controls them, with an ending of their own.\n\nFind them by label: `kubectl logs -l app.kubernetes.io/name=web`.";
    LABEL_ANNOTATED = "kubernetes-label-annotated", "A label became an annotation",
        "A label's value has at most 63 letters, digits, `-`, `_` and `.`; annotations hold anything. What reads labels off containers, such as a proxy that configures itself, reads neither from pods unless it is made for the cluster.\n\nNothing to do where the value is only read by people.";
    LABEL_ILLEGAL = "kubernetes-label-illegal", "A label or annotation is left out",
        "The key of a label or annotation is a name of at most 63 letters, digits, `-`, `_` and `.`, perhaps behind a domain and one `/`.\n\nRename the key.";

    // The process.
    IMAGE_BUILT = "kubernetes-image-built", "The image has to be built and pushed",
        "The file says how to build the image but not where it is kept. The cluster pulls images and builds none.\n\nName the image (`image:`), build it, and push it to a registry the nodes can reach, or load it into the nodes of a local cluster.";
    PULL_POLICY = "kubernetes-pull-policy", "The image is fetched by another rule",
        "The cluster pulls always, never, or when the node lacks the image. It does not build and does not look at an image's age.\n\nPick `always`, `missing` or `never`.";
    PLATFORM_VARIANT = "kubernetes-platform-variant", "The processor's variant is open",
        "Nodes say their operating system and architecture, but not the variant, such as `v8`.\n\nWhere it matters, label the nodes that have it and add a placement constraint.";
    EMPTY_COMMAND = "kubernetes-empty-command", "An image's command cannot be cleared",
        "An empty entry point or command means the image's own on the cluster, while Docker clears it.\n\nWrite the whole command, or build an image without one.";
    VARIABLE_UNSET = "kubernetes-variable-unset", "A variable cannot be unset",
        "A variable without a value is taken away from the task by Docker, even when the image sets it. The cluster can set variables only.\n\nSet it to the empty string where that does, or unset it in the command.";
    VARIABLE_NAME = "kubernetes-variable-name", "A variable's name is not taken",
        "Names of variables are printable ASCII without `=`.\n\nRename the variable.";
    INIT = "kubernetes-init", "The pod's own process reaps",
        "With one process namespace for the pod, its own first process forwards nothing but reaps what is orphaned; the task's process is not number 1, so that signals act on it as usual.\n\nNothing to do.";
    LOGGING = "kubernetes-logging", "Logs are the cluster's",
        "The output of tasks goes to files on the node, which rotates them; `kubectl logs` reads them. Where they go from there is set up once for the cluster, not for each service.\n\nInstall a collector that sends logs to where the driver did.";
    USER_NAME = "kubernetes-user-name", "A user has to be a number",
        "The cluster sets users and groups by number; only the image knows which number a name has. The task would otherwise run as the image's own user, with other rights than meant.\n\nWrite the number: `docker run --rm IMAGE id NAME` shows it.";

    // Names and networks.
    NETWORK_FLAT = "kubernetes-network-flat", "All tasks are in one network",
        "On the cluster every task reaches every other. With one network in the stack that makes no difference inside it; tasks of other stacks are not kept away.\n\nNothing to do, or write a network policy for the namespace.";
    NETWORK_POLICY = "kubernetes-network-policy", "A network is a network policy",
        "Tasks of a network carry a label, and a policy lets only tasks with the same label in; published ports stay open, and an internal network has no way out but name lookups. Policies hold where the cluster's network plug-in enforces them (Calico, Cilium and most managed clusters do; some small ones do not). Names of services are found from every network, even where their ports are shut.\n\nCheck that your cluster enforces policies.";
    NETWORK_DRIVER = "kubernetes-network-driver", "The cluster's network carries it",
        "Networks of the stack have no drivers or settings of their own on the cluster.\n\nNothing to do, unless a service relies on the driver, as with `macvlan`.";
    NETWORK_ADDRESSES = "kubernetes-network-addresses", "The cluster gives out addresses",
        "Addresses come from the cluster's range, and change when a task is replaced.\n\nCall services by name.";
    FIXED_ADDRESS = "kubernetes-fixed-address", "An address cannot be fixed",
        "Tasks get addresses from the cluster's network, and new ones when they are replaced.\n\nCall services by name.";
    ONE_INTERFACE = "kubernetes-one-interface", "A task has one interface",
        "A task has one network interface on the cluster, whatever networks it is in, so there is nothing to name or rank.\n\nNothing to do for most services.";
    NETWORK_BRIDGE = "kubernetes-network-bridge", "The bridge is the cluster's network",
        "Docker's default bridge has no names; the cluster's network has those of all services.\n\nNothing to do.";
    NETWORK_NONE = "kubernetes-network-none", "No network is a policy that allows nothing",
        "Every task has an address on the cluster. A policy keeps all traffic from and to this one, where the cluster's network enforces policies.\n\nCheck that yours does.";
    NETWORK_SHARED = "kubernetes-network-shared", "A network cannot be shared with another task",
        "The service wants the network of another task or container. On the cluster only containers of one pod share a network, and each service is a pod here: it would not go through the other one, as with a VPN, and does not find it on `localhost`.\n\nCall the other service by its name, or put both containers into one pod by hand.";
    OUTSIDE_CONTAINER = "kubernetes-outside-container", "A container outside the stack is not known",
        "The cluster knows no containers that Docker runs beside it.\n\nMake what it does a service of the stack, or name its address in `extra_hosts`.";
    HOSTNAME = "kubernetes-hostname", "The task's own name differs",
        "The name a task sees as its own is one label of lower-case letters, digits and `-`; its domain is the cluster's.\n\nWhere a program needs the full name, hand it over in a variable.";
    DNS_SERVERS = "kubernetes-dns-servers", "Name servers are asked behind the cluster's",
        "The names of services come from the cluster's name server, so it stays first; the file's servers come behind it, and are asked when it does not answer. It does answer for names it does not know.\n\nFor a domain only your server knows, forward it in the cluster's DNS configuration.";
    DNS_LIMITS = "kubernetes-dns-limits", "A name server or domain is left out",
        "A pod takes three name servers, given as addresses, and 32 domains to search.\n\nLeave out what is not needed.";
    HOST_GATEWAY = "kubernetes-host-gateway", "The node's address is not known beforehand",
        "`host-gateway` stands for the machine Docker runs on. On the cluster a task may run on any node, and a program on your own machine is not there at all.\n\nRun the program as a service, or name its address.";
    HOST_NAME = "kubernetes-host-name", "A host cannot have this name",
        "Entries of the hosts file take legal host names only: letters, digits, `-` and dots.\n\nRename the host.";

    // Ports and routes.
    PORTS_CLOSED = "kubernetes-ports-closed", "Only known ports are reached by name",
        "With Docker a service is reached on every port its processes listen on. On the cluster the address behind a service's name passes on the ports the service declares: those published, those exposed, and those another service names as `name:port` in its variables or arguments.\n\nAdd `expose:` for any other. A service without any declared port, or one that others name without a port, is reached on all.";
    NO_VIRTUAL_ADDRESS = "kubernetes-no-virtual-address", "The name gives the tasks' addresses",
        "One address for all tasks passes on declared ports only, and the service declares none.\n\nAdd `expose:` with its ports.";
    PORT_LOOPBACK = "kubernetes-port-loopback", "A port of the local machine only is not published",
        "A port on 127.0.0.1 is for people at the machine Docker runs on. A cluster has no such machine, and opening the port to everyone would be worse, so it stays shut. Other services reach it as before.\n\nUse `kubectl port-forward`, as the note says.";
    PORT_ADDRESS = "kubernetes-port-address", "A port is open on every address",
        "A load balancer has addresses of its own; the file asked for one of the machine's.\n\nLimit who may come with `loadBalancerSourceRanges` or the cloud's firewall.";
    PORT_CHOSEN = "kubernetes-port-chosen", "The outside port is fixed",
        "Docker picks a free port of the machine. The load balancer is the service's own, so that the port is free, and it is the same every time.\n\nNothing to do.";
    PORT_NAME = "kubernetes-port-name", "A port is named otherwise",
        "Names of ports are short host names and differ within a service.\n\nNothing to do, unless something looks ports up by name.";
    PORT_RANGE = "kubernetes-port-range", "The range of ports is too long",
        "A cluster service lists its ports one by one, and each costs every node some rules. Hundreds of them, as for telephony, are not rendered.\n\nUse `network_mode: host`, or fewer ports.";
    PORT_PUBLISHED_TWICE = "kubernetes-port-published-twice", "Two ports want the same outside port",
        "One outside port leads to one port of the task.\n\nPublish the other one elsewhere.";
    ROUTE = "kubernetes-route", "A route is an Ingress",
        "An Ingress says which host names and paths lead to a service; a controller in the cluster serves it, with the cluster's default class. Certificates are secrets of type `kubernetes.io/tls`.\n\nInstall a controller if the cluster has none, and make the secret.";
    ROUTE_ILLEGAL = "kubernetes-route-illegal", "A route is left out",
        "A route's host is a host name, perhaps with `*` as its first label, and its port is between 1 and 65535.\n\nMend the host name or the port.";

    // Storage.
    VOLUME_SIZE = "kubernetes-volume-size", "A volume has a size",
        "Claims for storage name a size, and compose files do not.\n\nSet `x-tranship: {size: 20Gi}` on the volume. Most storage classes let claims grow later, none lets them shrink.";
    VOLUME_SHARED = "kubernetes-volume-shared", "Several nodes must mount the volume",
        "Tasks of several services, or several of one, mount the volume, and they may run on different nodes. The claim asks for ReadWriteMany, which the simple storage classes of small clusters do not offer: then it stays pending.\n\nUse a class that offers it (NFS, CephFS, EFS, Azure Files), or give each task a volume of its own.";
    VOLUME_DRIVER = "kubernetes-volume-driver", "The cluster's storage class provides the volume",
        "Volume drivers and their options are Docker's. The claim gets storage of the cluster's default class, which starts empty.\n\nFor storage that exists, such as an NFS share, make a PersistentVolume and mark the volume `external`.";
    VOLUME_EMPTY = "kubernetes-volume-empty", "A new volume starts empty",
        "Docker fills a new volume with what the image has at that path. On the cluster it starts empty, and hides what the image has.\n\nWhere a service needs those files, let its entry point copy them, as many official images do, or mount the volume elsewhere.";
    VOLUME_ANONYMOUS = "kubernetes-volume-anonymous", "A volume without a name goes with its pod",
        "It lives as long as the pod: restarts of the container keep it, a new pod starts with an empty one.\n\nGive the volume a name where its content matters.";
    VOLUME_PER_TASK = "kubernetes-volume-per-task", "A task's own volume goes with its pod",
        "Only numbered tasks (a StatefulSet) find their own storage again. Tasks on every node and jobs get a claim that is made and deleted with the pod.\n\nUse replicas, or a volume all share.";
    VOLUMES_FROM = "kubernetes-volumes-from", "Mounts are repeated, not taken over",
        "The named volumes and node paths of the other service are mounted here at the same paths.\n\nGive the volumes that must be shared names.";
    MEMORY_MOUNT = "kubernetes-memory-mount", "Memory files count against the memory limit",
        "Files in memory belong to the pod's memory: with a limit, files and processes share it. The size is watched, and a pod that exceeds it is evicted.\n\nRaise the memory limit by the size.";
    MEMORY_OPTIONS = "kubernetes-memory-options", "A directory in memory has the usual options",
        "The directory belongs to root, everyone may write, and programs in it may run.\n\nSet owner and permissions in the entry point where it matters.";
    HOST_PATH = "kubernetes-host-path", "A path of the machine is a path of each node",
        "Docker mounts files of the machine it runs on. On the cluster the same path of whichever node runs the task is mounted, and your files are on none of them unless you put them there. Namespaces with the `baseline` security standard refuse such pods.\n\nPut source code into the image, settings into `configs:`, and data into a named volume. On a cluster of one node on the same machine, it works as it is.";
    HOST_PATH_CREATED = "kubernetes-host-path-created", "A missing path is made",
        "Where a node lacks the path, an empty directory is made.\n\nNothing to do, unless the failure was wanted.";
    HOST_SOCKET = "kubernetes-host-socket", "A socket of the machine is not handed over",
        "The service wants to speak to the container engine or another program of the machine. Nodes of a cluster mostly run no Docker, and who holds the socket of any engine holds the node.\n\nUse what the cluster offers for the purpose: its API with a service account, or a variant of the image made for Kubernetes.";
    HOST_SYSTEM = "kubernetes-host-system", "A system directory may not be written",
        "Writing to the node's own system rules the node, and with it every task there.\n\nMount it read-only where reading is enough.";
    HOST_TIME_ZONE = "kubernetes-host-time-zone", "The machine's time zone is not handed over",
        "Nodes mostly run on UTC, and their files differ.\n\nSet the variable `TZ`, with time zone data in the image.";
    SELINUX_RELABEL = "kubernetes-selinux-relabel", "Files are not relabelled",
        "`z` and `Z` change the SELinux labels of files on the machine; the cluster does not for paths of nodes.\n\nLabel the files on the nodes, or use a volume.";
    RECURSIVE_MOUNT = "kubernetes-recursive-mount", "Mounts below come along as they are",
        "What is mounted below the path on the node is there too, each part as writable as it is on the node.\n\nUse `recursive: readonly` with a read-only mount for the strict kind.";
    PROPAGATION = "kubernetes-propagation", "Mounts made later are not passed on",
        "The cluster knows `rprivate`, `rslave` and, for privileged tasks, `rshared`.\n\nUse one of these.";
    CONSISTENCY = "kubernetes-consistency", "Both sides see the same files",
        "The hint speeds up shared folders between a desktop and its virtual machine. Nodes have no such gap.\n\nNothing to do.";
    MOUNT_LABELS = "kubernetes-mount-labels", "Labels of a mount are left out",
        "Docker labels the volume a mount makes.\n\nDefine the volume under `volumes:` with its labels.";
    IMAGE_MOUNT = "kubernetes-image-mount", "An image cannot be mounted",
        "Version 1.34 mounts images only where a feature gate is on; where it is off, the field vanishes without an error.\n\nCopy the files into the service's image, or in with a container that runs before it.";
    CLUSTER_VOLUME = "kubernetes-cluster-volume", "A cluster volume is a claim that exists",
        "A cluster volume of Swarm is provided by a CSI plug-in. Here it is a claim of that name; groups of volumes have no counterpart.\n\nMake the claim with the plug-in's storage class.";
    NAMED_PIPE = "kubernetes-named-pipe", "A named pipe is not mounted",
        "Named pipes are a way to reach programs of a Windows node.\n\nReach the program over the network.";
    PATH_ILLEGAL = "kubernetes-path-illegal", "The path cannot be mounted",
        "Paths of mounts have no `:`, those of sources no `..`, and nothing is mounted over the root directory.\n\nPick another path.";
    PATH_TAKEN = "kubernetes-path-taken", "Two mounts want one path",
        "A task has one mount at a path.\n\nMove one of them.";
    STORAGE_OPTIONS = "kubernetes-storage-options", "The writable layer has no options",
        "The options are for Docker's storage drivers.\n\nLimit the size with a memory or volume mount at the paths that are written.";

    // Configs and secrets.
    CONFIG_MISSING = "kubernetes-config-missing", "A config's content is not known",
        "The content could not be read when the stack was converted, so tasks refer to a config map that has to be made.\n\nMake it as the note says, or convert again where the file is.";
    CONFIG_SIZE = "kubernetes-config-size", "A config is big",
        "A config map holds 1 MiB. Up to 256 KiB `kubectl apply` works as usual; above, it needs `--server-side`.\n\nPut big files into the image or a volume.";
    CONFIG_TEMPLATE = "kubernetes-config-template", "A template is not filled in",
        "Swarm fills in templates inside configs and secrets when a task starts. The cluster hands files over as they are.\n\nFill them in in the entry point, or write the values.";
    FILE_OWNER = "kubernetes-file-owner", "A file belongs to root",
        "Files from configs and secrets belong to root. So that the wanted owner can read them, everyone in the task can.\n\nNothing to do, unless a program insists on strict permissions; then copy the file in the entry point.";
    SECRET_REFERENCED = "kubernetes-secret-referenced", "A secret is made apart",
        "The rendering refers to secrets by name and never holds a value, so that it can be committed.\n\nMake the secret with the command of the note, in the stack's namespace, before the stack is applied; tasks wait for it.";
    SECRET_DRIVER = "kubernetes-secret-driver", "A secret's driver is Docker's",
        "Secrets of a driver come from a plug-in of Swarm.\n\nMake the secret by hand, or with an operator such as External Secrets.";

    // Resources.
    CPU_ROUNDED = "kubernetes-cpu-rounded", "Processor time is rounded up",
        "The cluster counts thousandths of a core.\n\nNothing to do.";
    CPU_SCHEDULER = "kubernetes-cpu-scheduler", "Scheduler settings are cores",
        "A quota is a limit in cores, and shares are a reservation, 1024 to a core. A reservation takes room on a node, which a weight does not.\n\nUse `deploy.resources` for both.";
    MEMORY_RESERVATION = "kubernetes-memory-reservation", "Reserved memory is room on a node",
        "A task is only placed where this much is left for it. To Docker it is a soft limit: nothing is kept, and when memory is short the kernel takes back from a task what it has beyond it. The kernel knows nothing of a reservation of the cluster, and a task that uses more than it reserved is among the first to be evicted.\n\nReserve what the task needs, and set a limit.";
    RESERVATION_OVER_LIMIT = "kubernetes-reservation-over-limit", "A reservation is cut to its limit",
        "The API server refuses to keep more for a task than it may use.\n\nRaise the limit, or lower the reservation.";
    GPU = "kubernetes-gpu", "A graphics processor comes from a device plug-in",
        "Nodes offer graphics processors as a countable resource, through the vendor's device plug-in. Which one a task gets cannot be chosen.\n\nInstall the plug-in on the nodes that have them.";
    DEVICE = "kubernetes-device", "A device is not handed over",
        "Tasks see no devices of their node, except those a device plug-in offers.\n\nInstall a plug-in for it, or run the task privileged, which shows it all devices.";
    GENERIC_RESOURCE = "kubernetes-generic-resource", "A node's resource is not counted",
        "Resources that people count for a Swarm node have no counterpart without a device plug-in.\n\nLabel the nodes, and add a placement constraint.";
    NODE_LIMITS = "kubernetes-node-limits", "The node's own setting holds",
        "This is set for a whole node, by whoever runs it, and not for a task.\n\nAsk for nodes that are set up so, and place the task there with a constraint.";
    ULIMIT = "kubernetes-ulimit", "Limits of processes are the node's",
        "The container runtime of a node sets the limits of processes, mostly higher than Docker's.\n\nWhere a program needs another, set it in the entry point with `ulimit`, up to the hard limit, or in the runtime of the nodes.";
    SYSCTL = "kubernetes-sysctl", "A kernel parameter is left out",
        "Every node allows twelve parameters; a task that sets another is not run, unless its node's kubelet allows it by name.\n\nAllow it with `--allowed-unsafe-sysctls` on the nodes, and add it to the pod.";
    RUNTIME = "kubernetes-runtime", "The runtime is a class",
        "Another container runtime is chosen by a RuntimeClass.\n\nMake the class, and install the runtime on the nodes.";
    UMASK = "kubernetes-umask", "The file creation mask is the image's",
        "The cluster does not set it.\n\nSet it in the entry point.";
    WINDOWS = "kubernetes-windows", "A setting of Windows is left out",
        "The rendering is for Linux nodes.\n\nSet it by hand in the pod's Windows options.";

    // Rights and namespaces.
    SECURITY_OPTION = "kubernetes-security-option", "A security option is left out",
        "The cluster has no counterpart for it, or it contradicts another right of the task.\n\nRead the note, and take one of the two away.";
    SECURITY_PROFILE = "kubernetes-security-profile", "A security profile must be on the nodes",
        "Docker reads a profile on the machine it is called on; on the cluster it must be on every node.\n\nInstall it there.";
    NAMESPACE = "kubernetes-namespace", "A namespace is the task's own",
        "The cluster shares process, interprocess and network namespaces with the node, and no others.\n\nNothing to do for most services.";
    NAMESPACE_SHARED = "kubernetes-namespace-shared", "A namespace cannot be shared with another task",
        "Only containers of one pod share namespaces, and each service is a pod here.\n\nPut both containers into one pod by hand.";

    // Life.
    IMAGE_HEALTH_CHECK = "kubernetes-image-health-check", "An image's own health check is not run",
        "The cluster ignores `HEALTHCHECK` of images: a task counts as ready as soon as it runs.\n\nWrite the test into the file.";
    PROBE_ROUNDED = "kubernetes-probe-rounded", "A time of a health check is rounded up",
        "Probes count whole seconds, from 1.\n\nNothing to do.";
    PROBE_START = "kubernetes-probe-start", "A task that does not become healthy is restarted",
        "During the start period a startup probe runs, at the start interval, and failures do not count. When the period and all retries are over, the task is restarted; Docker goes on with an unhealthy one.\n\nLengthen the start period where a start may take longer.";
    GRACE_ROUNDED = "kubernetes-grace-rounded", "The time to stop is rounded up",
        "It is counted in whole seconds.\n\nNothing to do.";
    STOP_SIGNAL = "kubernetes-stop-signal", "The image's stop signal is used",
        "Version 1.34 takes a stop signal only where a feature gate is on. Tasks get the one their image names, or SIGTERM.\n\nName it in the image (`STOPSIGNAL`).";
    START_ORDER = "kubernetes-start-order", "Services start together",
        "Objects of a cluster are made at once, and none waits for another. A task whose dependency is missing fails and is restarted, after 10 s, 20 s and so on up to 5 minutes, until it is there.\n\nNothing to do for programs that end when they cannot connect, or try again. Others need a loop in their entry point.";
    RESTART_TOGETHER = "kubernetes-restart-together", "A restart does not restart others",
        "Tasks are restarted each for itself.\n\nLet the program connect anew when its connection is lost.";
    RESTART_ALWAYS = "kubernetes-restart-always", "Tasks that end are started again",
        "What keeps tasks running starts every one again that ends, well or not, without end. A service that is there to end should say so: others wait for its completion, its restart policy is `no`, or its mode is `replicated-job`.\n\nChange the policy if the service is not meant to come back.";
    RESTART_DELAY = "kubernetes-restart-delay", "Restarts come at the cluster's pace",
        "The first restart is at once, then after 10 s, doubled each time up to 5 minutes, and anew after 10 minutes of running.\n\nNothing to do.";
    HOOK_PER_TASK = "kubernetes-hook-per-task", "A hook runs for every task",
        "What runs before a task starts is part of its pod.\n\nMake it a service that others wait for, if it must run once.";
    HOOK_INSIDE = "kubernetes-hook-inside", "A hook runs as its task does",
        "Commands after the start and before the stop run inside the task, as its user and with its rights.\n\nChange the task's user, or do it in the command.";

    // Number, place, replacement.
    GLOBAL_JOB = "kubernetes-global-job", "Nothing runs once on every node",
        "A DaemonSet runs on every node but does not end; a Job ends but does not run on every node.\n\nUse a global service that sleeps when it is done, or a Job for each node.";
    PER_NODE = "kubernetes-per-node", "Tasks are spread, not counted",
        "One task a node can be demanded; with more, tasks are kept level instead.\n\nNothing to do, or use one task a node.";
    CONSTRAINT = "kubernetes-constraint", "A placement constraint is about labels",
        "Nodes are chosen by their labels. Host name, operating system and architecture are labels of every node; managers are the nodes of the control plane; anything else has to be a label you give the nodes.\n\nLabel the nodes: `kubectl label node NAME KEY=VALUE`.";
    UPDATE_PACE = "kubernetes-update-pace", "The pace of an update is readiness",
        "A rollout goes on when new tasks have been ready for a time; this is the longer of delay and monitor.\n\nNothing to do.";
    UPDATE_FAILURE = "kubernetes-update-failure", "A failed rollout waits",
        "A rollout does not go past tasks that do not become ready, and does not go back by itself.\n\nWatch it with `kubectl rollout status`, take it back with `kubectl rollout undo`.";
    UPDATE_VOLUME = "kubernetes-update-volume", "Old tasks stop before new ones start",
        "Old and new task cannot both have the volume, the node's port or the number, so they never run side by side: the service is away in between.\n\nUse storage that several nodes mount, or a balanced port, to update without a gap.";
    JOB_RETRIED = "kubernetes-job-retried", "A job is tried again",
        "It starts at once, not when what it depends on is ready, so that a single try would often fail.\n\nMake sure that it may run twice.";
    JOB_RESTART = "kubernetes-job-restart", "A job ends when it has ended well",
        "Others wait for its end, so it is not started again once it ended well.\n\nUse `on-failure`.";
    JOB_UPDATE = "kubernetes-job-update", "A job is not updated",
        "The tasks of a job that was made cannot be changed.\n\nDelete the job before applying a new one.";
    JOB_SCHEDULE = "kubernetes-job-schedule", "A schedule is a cron job",
        "A CronJob starts a Job at each time of its schedule, in its time zone. Runs that overlap or were missed follow the cluster's rules.\n\nRead the note.";
    JOB_MANUAL = "kubernetes-job-manual", "A job for people is a suspended cron job",
        "It never starts by itself.\n\nStart it with `kubectl create job RUN --from=cronjob/NAME`.";
    JOB_PORTS = "kubernetes-job-ports", "What runs now and then is not called",
        "No name leads to its tasks.\n\nMake it a service.";

    // What has no counterpart.
    PROVIDER = "kubernetes-provider", "A provider is not called",
        "The service is provided by a program on the machine `docker compose` runs on.\n\nRun what it provides on the cluster, or name its address in the services that use it.";
    MODEL = "kubernetes-model", "A model is not served",
        "Docker's model runner is a part of Docker.\n\nRun a model server as a service, and set the variables by hand.";
}
