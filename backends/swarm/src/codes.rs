//! What this backend has to say about values, and the page of each.

tranship_model::codes! {
    /// The stack's name is given when deploying, not in the file.
    STACK_NAME = "swarm-stack-name", "the stack's name is given when deploying, not in the file",
        "A stack file has no place for its own name. Deploy it with `docker stack deploy -c \
         stack.yaml NAME`, with exactly the name the note gives: the names of services, and the \
         labels by which a stack is found again, begin with it.";

    /// A name Swarm does not take was changed.
    NAME_CHANGED = "swarm-name-changed", "a name Swarm does not take was changed",
        "Services and networks may have letters, digits, `-` and `_`, at most 63, beginning and \
         ending with a letter or digit; secrets and configs may have dots too, at most 64. Swarm \
         takes `Web` and `web` for one name, so capital letters are a change too. A name outside of \
         that is cut or cleaned and gets eight digits of a hash, so that two names never become \
         one. Other services still find a service under its old name, which stays as an alias.";

    /// The engine takes this, a stack file cannot say it.
    API_ONLY = "swarm-api-only", "the engine takes this, a stack file cannot say it",
        "The engine's API has a field for this value, and the files below `engine/` carry it. The \
         schema `docker stack deploy` reads has none, so `stack.yaml` leaves it out. Where the note \
         names an API version, older engines read the specification and ignore the field. Deploy \
         through the engine's API to keep the value.";

    /// Only newer engines carry it.
    NEWER_ENGINE = "swarm-newer-engine", "only newer engines carry it",
        "Both renderings say it. An engine of an API before the version in the note ignores the \
         field or refuses the service. `docker version` shows the version of each node's engine.";

    /// A config's name ends in a digest of its content.
    CONTENT_NAMED = "swarm-content-named", "a config's name ends in a digest of its content",
        "Swarm never changes the content of a config; a deployment that tries stops half way. A name \
         made of the content makes a change a new config, and services move to it like to any other \
         update. The path in the task stays. Configs no service uses any more can be removed with \
         `docker config rm`. Give the config a `name` of its own to choose names yourself.";

    /// Services start in no order.
    DEPENDENCIES = "swarm-dependencies", "services start in no order",
        "Swarm starts all services at once, on every node, again and again. Whatever needs another \
         service must try again until it answers, or end and be restarted. `tranship deploy` makes \
         services in order, each when what it depends on is ready; tasks that start later, and a \
         stack file, whose `depends_on` has no effect and is left out, follow no order.";

    /// A service others wait for to complete becomes a job.
    RUN_ONCE = "swarm-run-once", "a service others wait for to complete becomes a job",
        "Swarm restarts the tasks of a service whenever they end, unless told otherwise. Something \
         others wait for to end is a job: it runs to completion, and runs again when the stack is \
         deployed with a change to it.";

    /// Tasks are restarted in another way.
    RESTART = "swarm-restart", "tasks are restarted in another way",
        "Docker starts the same container again, after 0.1 s and then twice as long each time. Swarm \
         makes a new task, maybe on another node, after a fixed delay, 5 s unless said otherwise; \
         nothing written outside of volumes is kept. Without a policy Docker leaves a container \
         stopped and Swarm makes a new task. Say `deploy.restart_policy` to choose.";

    /// Tasks are replaced in another way.
    UPDATE = "swarm-update", "tasks are replaced in another way",
        "Docker Compose replaces all containers of a service at once. Swarm replaces one task after \
         the other, stops the old one first, watches the new one for 5 s and pauses the update when \
         it fails. Say `deploy.update_config` to choose. Jobs cannot be updated in steps, and a \
         rollback cannot be rolled back.";

    /// An unhealthy task is replaced.
    UNHEALTHY = "swarm-unhealthy", "an unhealthy task is replaced",
        "Docker Compose only marks an unhealthy container. Swarm stops it and makes a new task, and \
         waits with updates and traffic until a task is healthy. Give slow starters a `start_period`.";

    /// A published port is reachable from everywhere.
    HOST_ADDRESS = "swarm-host-address", "a published port is reachable from everywhere",
        "Swarm cannot bind a published port to one address of a node (moby/moby#32299): a port meant \
         for the node alone, such as `127.0.0.1:5432:5432`, is open on every address of every node. \
         Close it with a firewall, or do not publish it: services of the same network reach it \
         without.";

    /// A port is published in another way.
    PORTS = "swarm-ports", "a port is published in another way",
        "Swarm publishes single ports. A range becomes one entry a port. A service whose name gives \
         the addresses of all tasks cannot use the routing mesh, so its ports are open only on the \
         nodes that run a task. In the node's own network a process opens its ports itself.";

    /// What is spoken on a port is not said.
    PORT_WORD = "swarm-port-word", "what is spoken on a port is not said",
        "Swarm forwards packets and does not look into them.";

    /// A port for other services needs no word.
    EXPOSED = "swarm-exposed", "a port for other services needs no word",
        "In an overlay network every port of a task is reachable by the tasks of the same network.";

    /// A network spans nodes.
    OVERLAY = "swarm-overlay", "a network spans nodes",
        "Docker Compose makes a bridge of one node. Services need a network that spans the nodes, so \
         it becomes an overlay. It carries the same names. Containers outside of Swarm join only if \
         it is attachable. Overlay packets are smaller (MTU 1450), and not encrypted unless the \
         option `encrypted` is set.";

    /// A setting of a network is not carried.
    NETWORK_OPTION = "swarm-network-option", "a setting of a network is not carried",
        "Options of the bridge driver mean nothing to an overlay. Addresses an `ipam` pool keeps free \
         are lost on the way to the swarm: the engine passes on the subnet, the range and the gateway \
         alone. Give a `ip_range` that leaves them out.";

    /// What is not ours must exist in the swarm.
    EXTERNAL = "swarm-external", "what is not ours must exist in the swarm",
        "The stack uses it and does not make it. Make it before: `docker network create --driver \
         overlay NAME`, `docker secret create NAME FILE`, `docker config create NAME FILE`; a volume \
         on every node that runs a task.";

    /// An address or interface cannot be chosen.
    ATTACHMENT = "swarm-attachment", "an address or interface cannot be chosen",
        "Swarm gives out addresses itself (moby/moby#24170); a task may move, and a service may have \
         many. Use the service's name.";

    /// A name becomes an alias in the networks.
    ALIAS = "swarm-alias", "a name becomes an alias in the networks",
        "Containers of a service are called `STACK_SERVICE.NUMBER.ID`. A name other services use is \
         kept as an alias in the service's networks; `docker` commands need the new name. Links were \
         names for one service; as aliases all services of the network see them.";

    /// A name or address of a container cannot be set.
    LOOKUP = "swarm-lookup", "a name or address of a container cannot be set",
        "Swarm has no field for it. Use the service's name, or put it into `hostname`.";

    /// A task cannot use the network of another.
    NETWORK_MODE = "swarm-network-mode", "a task cannot use the network of another",
        "Tasks of different services never share a network namespace in Swarm. Talk over a network \
         they share, by the service's name. A task without any network becomes one in an internal \
         network of its own, without a way out.";

    /// The image must be where every node can pull it.
    IMAGE_BUILT = "swarm-image-built", "the image must be where every node can pull it",
        "`docker stack deploy` does not build. Build the image, push it to a registry all nodes \
         reach, and give its full name as `image`.";

    /// Nodes fetch images on their own terms.
    PULL = "swarm-pull", "nodes fetch images on their own terms",
        "A node asks the registry each time it makes a task, and uses what it has when the registry \
         does not answer. `docker stack deploy` looks the tag up once and pins its digest; \
         `--resolve-image` chooses.";

    /// Tasks run only on nodes of the platform.
    PLATFORM = "swarm-platform", "tasks run only on nodes of the platform",
        "Docker Compose picks an image for the platform and may emulate it. Swarm picks nodes that \
         have it; without one, tasks stay pending. The stack file says it as a placement constraint.";

    /// An empty entry point or command is not said.
    ENTRYPOINT = "swarm-entrypoint", "an empty entry point or command is not said",
        "The engine takes an empty list for `not given` and uses the image's own. Name the program \
         instead.";

    /// Braces have a meaning in Swarm.
    TEMPLATE = "swarm-template", "braces have a meaning in Swarm",
        "Swarm fills in `{{.Node.Hostname}}`, `{{.Service.Name}}`, `{{.Task.Slot}}` and others in \
         variables, the hostname and mounts, where Docker Compose leaves the text alone. These are \
         kept. Any other `{{` is escaped, so that the task sees the text as written.";

    /// An empty variable may be filled by whoever deploys.
    STACK_ENVIRONMENT = "swarm-stack-environment", "an empty variable may be filled by whoever deploys",
        "`docker stack deploy` replaces a variable that is empty or has no value with the one of its \
         own environment, if that is set. Deploy from an environment without it.";

    /// A property of the container is not carried.
    PROCESS = "swarm-process", "a property of the container is not carried",
        "Swarm has no field for it, and neither has a stack file. Where the process needs it, it \
         has to be part of the image or of the engine's configuration on each node.";

    /// A path of the node must be on every node.
    HOST_PATH = "swarm-host-path", "a path of the node must be on every node",
        "Tasks see the directory of the node they happen to run on, and a missing one stops them \
         (`invalid mount config`); Docker Compose makes it. Put the same files on every node, pin the \
         service with a placement constraint, or use a config or a volume on shared storage.";

    /// Each node has a volume of its own.
    NODE_VOLUME = "swarm-node-volume", "each node has a volume of its own",
        "A volume of the local driver is made on each node that runs a task, empty. A task that moves \
         does not find its files, and tasks on two nodes do not share them. Pin the service with a \
         placement constraint, or use a volume on shared storage, such as the local driver with \
         `type: nfs`.";

    /// A property of a volume is not carried.
    VOLUME = "swarm-volume", "a property of a volume is not carried",
        "Swarm makes volumes through mounts, with the driver's options; it has no size and no volume \
         without a mount. A volume of each task gets the task's number in its name.";

    /// A volume without a name is new for every task.
    ANONYMOUS = "swarm-anonymous", "a volume without a name is new for every task",
        "Docker Compose hands an anonymous volume on to the next container. Swarm makes a new one for \
         each task. Give it a name to keep its files.";

    /// The size of /dev/shm is set by a mount.
    SHARED_MEMORY = "swarm-shared-memory", "the size of /dev/shm is set by a mount",
        "Swarm has no field for it; memory of that size mounted at `/dev/shm` is the same for the \
         process.";

    /// Reserved memory is room on a node.
    RESERVED_MEMORY = "swarm-reserved-memory", "reserved memory is room on a node",
        "Swarm places a task only where this much is left, and tells the kernel nothing of it. To \
         Docker alone it is a soft limit: nothing is kept, and when memory is short the kernel takes \
         back from a task what it has beyond it.";

    /// An option of a mount is not carried.
    MOUNT_OPTION = "swarm-mount-option", "an option of a mount is not carried",
        "Swarm has no field for it. Relabel files on the nodes (`chcon`), and name each mount instead \
         of taking over another container's.";

    /// Who deploys gives the secret's value.
    SECRET_VALUE = "swarm-secret-value", "who deploys gives the secret's value",
        "A rendering never holds a secret's value. A stack file names the file it is in; one from an \
         environment variable must be stored first with `docker secret create`, as the note says. \
         Swarm never changes the value of a secret: store a new one under a new name. Names of \
         secrets hold no digest, because it would tell about the value.";

    /// A config's content cannot be stored as it is.
    CONFIG_CONTENT = "swarm-config-content", "a config's content cannot be stored as it is",
        "Swarm stores 1 to 1,023,999 bytes. Content that could not be read, or is not text, is not \
         written beside the stack file; it names the original file.";

    /// A file's owner must be a number.
    OWNER = "swarm-owner", "a file's owner must be a number",
        "The engine does not look names up in the image; write the number.";

    /// Devices are not handed to tasks.
    DEVICE = "swarm-device", "devices are not handed to tasks",
        "Swarm has no devices, no device rules and no request for graphics processors \
         (moby/swarmkit#1244); it counts generic resources a node declares (`node-generic-resources` \
         of the engine). Run such a service outside of Swarm, or declare the resource on the nodes \
         and make its runtime the default one there.";

    /// A task cannot have all rights of the node.
    PRIVILEGED = "swarm-privileged", "a task cannot have all rights of the node",
        "Swarm has no `privileged` (moby/moby#24862). Add the capabilities the process needs with \
         `cap_add`, or run it outside of Swarm.";

    /// A task has namespaces of its own.
    NAMESPACE = "swarm-namespace", "a task has namespaces of its own",
        "Swarm has no field for shared process, memory, name or user namespaces. A task has the users \
         of its node, unless the engine there is set up with `userns-remap`.";

    /// A security setting is not carried.
    SECURITY_OPTION = "swarm-security-option", "a security setting is not carried",
        "Swarm knows seccomp and AppArmor as default or off, `no-new-privileges` and the SELinux \
         label. A profile of one's own must be made the default of the engine on each node.";

    /// A kernel setting is not carried.
    KERNEL = "swarm-kernel", "a kernel setting is not carried",
        "Swarm has no field for it. Some can be set for all containers of a node in the engine's \
         configuration.";

    /// Fine control of processor and disks is not carried.
    RESOURCE = "swarm-resource", "fine control of processor and disks is not carried",
        "Swarm limits and reserves processor time, memory and the number of processes, and nothing \
         finer. Use `deploy.resources`.";

    /// An amount is raised to the least Swarm takes.
    MINIMUM = "swarm-minimum", "an amount is raised to the least Swarm takes",
        "Swarm takes at least 0.001 processors and 4 MiB of memory, and times of at least 1 ms in \
         health checks.";

    /// A job is a service that runs to completion.
    JOB = "swarm-job", "a job is a service that runs to completion",
        "It is there with no run asked for. `docker service scale NAME=1` starts the first run, \
         `docker service update --force NAME` each further one.";

    /// Swarm has no clock.
    SCHEDULE = "swarm-schedule", "Swarm has no clock",
        "Nothing starts the job at its times. Let the clock of a machine do it: a line in \
         `crontab(5)` with `docker service update --force NAME`.";

    /// Commands around a task are not run.
    HOOK = "swarm-hook", "commands around a task are not run",
        "Swarm starts one process a task. Put the command into the image's entry point, or into a \
         job; one before the stop belongs into a handler of the stop signal.";

    /// Swarm has no routes by host name and path.
    ROUTE = "swarm-route", "Swarm has no routes by host name and path",
        "Run a reverse proxy as a service of the stack, such as Traefik, which reads routes from \
         labels.";

    /// A program outside the stack is not run.
    PROVIDER = "swarm-provider", "a program outside the stack is not run",
        "Swarm runs images. Start what the program provides beforehand, and give the services its \
         address.";

    /// Language models are not served.
    MODEL = "swarm-model", "language models are not served",
        "Swarm has no models. Serve the model as a service of the stack, and give its address to \
         others in a variable.";
}
