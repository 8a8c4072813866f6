//! Every note this backend can give, and its page.

tranship_model::codes! {
    /// The image has to be in a registry.
    IMAGE_PUSHED = "ecs-image-pushed",
        "the image has to be in a registry",
        "ECS fetches images and never builds them. Build the image, push it to a registry the tasks reach, such as Amazon ECR, and name it with `image`.";
    /// Images are fetched for every task.
    PULL = "ecs-pull",
        "images are fetched for every task",
        "Fargate fetches the image for every task; on instances the agent does so by default. A tag is resolved once for each deployment, and all its tasks run that digest. For tasks to follow a tag, deploy again.";
    /// The platform is not one of ECS.
    PLATFORM = "ecs-platform",
        "the platform is not one of ECS",
        "ECS runs Linux on amd64 and arm64, and Windows Server in versions that have to be named. Use an image for one of the two Linux architectures; Windows tasks are not rendered.";
    /// An empty command means the image's own.
    EMPTY_COMMAND = "ecs-empty-command",
        "an empty command means the image's own",
        "In a container definition an empty list is the same as none, so neither the image's entry point nor its arguments can be cleared. Write the whole command into the file, or make an image without them.";
    /// ECS has no such setting.
    NO_HOME = "ecs-no-home",
        "ECS has no such setting",
        "No field of the ECS API carries this setting, so tasks run with what the machine and its container runtime do by default. Where the image or the program can do it itself, set it there.";
    /// A variable cannot be taken out.
    UNSET_VARIABLE = "ecs-unset-variable",
        "a variable cannot be taken out",
        "The file takes a variable of the image away; a container definition can only set variables. Set it to an empty text if the program treats that alike, or take it out of the image.";
    /// The name had to be changed.
    NAME = "ecs-name",
        "the name had to be changed",
        "AWS takes letters, digits, `-` and `_` in this name, up to a length. What was changed or cut got eight digits of a hash, so that two names never become one. Nothing looks the object up by it.";
    /// The name is that of the container inside its task.
    CONTAINER_NAME = "ecs-container-name",
        "the name is that of the container inside its task",
        "Containers are named within their task, so any number of tasks can run. Commands such as `aws ecs execute-command --container` use this name.";
    /// Output goes to CloudWatch Logs.
    LOGS = "ecs-logs",
        "output goes to CloudWatch Logs",
        "Fargate writes output to CloudWatch Logs, Splunk or a log router, and keeps no files on a node. The stack has one log group, whose lines are kept for 30 days; each service is a stream in it. For another destination name the driver `awslogs` or `splunk` with its options, or add a log router to the task.";
    /// A network is a security group.
    NETWORK = "ecs-network",
        "a network is a security group",
        "Every task has an interface in the VPC, and each network of the stack is a security group. Its members let each other in on every port; tasks outside it are kept out. Addresses, drivers and their options belong to the VPC and its subnets, which the template takes as parameters.";
    /// An internal network reaches the internet on Fargate.
    INTERNAL_NETWORK = "ecs-internal-network",
        "an internal network reaches the internet on Fargate",
        "A Fargate task fetches its image and writes its log through its own interface, so taking its way out away would keep it from starting. Use subnets with VPC endpoints for ECR, S3, Secrets Manager and CloudWatch Logs and no route to the internet, or the EC2 launch type.";
    /// Something outside the stack is named by a parameter.
    EXTERNAL = "ecs-external",
        "something outside the stack is named by a parameter",
        "What exists already is not created; the template asks for its id. Give the id of the security group or file system that takes its place.";
    /// The network mode is not possible.
    NETWORK_MODE = "ecs-network-mode",
        "the network mode is not possible",
        "On Fargate every task has an interface of its own, and on both launch types a task can join only a container of its own stack. With the EC2 launch type `host`, `bridge` and `none` are carried.";
    /// Services that share something run in one task.
    SHARED_TASK = "ecs-shared-task",
        "services that share something run in one task",
        "Sharing a network, processes or mounts with another service is possible only inside one task. So both become containers of one task: they start, stop, scale and move together, and reach each other on `localhost`.";
    /// The host name is the machine's.
    HOSTNAME = "ecs-hostname",
        "the host name is the machine's",
        "A task with an interface of its own takes its host name from the VPC. Others find the service under its own name in the stack's domain; programs that need to know it can read it from a variable.";
    /// Addresses come from the subnet.
    ADDRESS = "ecs-address",
        "addresses come from the subnet",
        "Interfaces get their addresses from the subnet they are in. Use the service's name, which leads to the addresses its tasks have.";
    /// Names are looked up at the VPC's resolver.
    RESOLVER = "ecs-resolver",
        "names are looked up at the VPC's resolver",
        "Fargate takes no name servers, search domains or resolver options. Search domains and options are written into `/etc/resolv.conf` by a first container of the task; further name servers need a rule of the Route 53 resolver.";
    /// Fixed host entries are not possible.
    EXTRA_HOSTS = "ecs-extra-hosts",
        "fixed host entries are not possible",
        "A task with an interface of its own has no host entries. Put the names into a private hosted zone of Route 53 that belongs to the VPC.";
    /// The link leads out of the stack.
    LINK = "ecs-link",
        "the link leads out of the stack",
        "Names lead to services of the stack only. Give the program the address in a variable.";
    /// Further names hold in the whole stack.
    ALIAS = "ecs-alias",
        "further names hold in the whole stack",
        "A further name becomes an entry of the stack's domain that leads to the service's own name, so every service can use it and not only those of one network. A name that is already a service's, or that no domain can have, leads nowhere.";
    /// Services find each other in a private domain.
    DISCOVERY = "ecs-discovery",
        "services find each other in a private domain",
        "Every service is registered in a private domain of Cloud Map, `<stack>.internal`, with the addresses of its tasks, which are remembered for 10 s. A first container of each task adds the domain to `/etc/resolv.conf`, so that short names work. A program that looks a name up only once does not follow tasks that are replaced.";
    /// Published ports are a load balancer's.
    PORT_BALANCED = "ecs-port-balanced",
        "published ports are a load balancer's",
        "A published port becomes a listener of a load balancer in front of all tasks, reached at the name the template puts out. Where all ports of a service speak HTTP, by what the file says or by their number, the balancer speaks HTTP too; otherwise it passes connections on. Set `app_protocol` to choose.";
    /// Ports in host mode are open on each task.
    PORT_PER_TASK = "ecs-port-per-task",
        "ports in host mode are open on each task",
        "The port is opened on the public address of every task, which changes whenever a task is replaced. Leave the mode out to get a load balancer.";
    /// A random port outside cannot be had.
    PORT_RANDOM = "ecs-port-random",
        "a random port outside cannot be had",
        "Ports of load balancers are chosen beforehand. Write the published port into the file.";
    /// Published addresses are the load balancer's.
    PORT_SCOPE = "ecs-port-scope",
        "published addresses are the load balancer's",
        "A port published on one address of a node cannot be: load balancers have addresses of their own, and tasks share no machine. A port published on the loopback address is not published at all; reach the task with `aws ecs execute-command` or a port-forwarding session.";
    /// ECS carries TCP and UDP, and knows HTTP and gRPC.
    PORT_PROTOCOL = "ecs-port-protocol",
        "ECS carries TCP and UDP, and knows HTTP and gRPC",
        "Other transport protocols reach no task. Application protocols beside `http`, `http2` and `grpc` are carried as plain bytes, which is right for all that run over TCP.";
    /// A service is published on five ports.
    PORT_LIMIT = "ecs-port-limit",
        "a service is published on five ports",
        "A service can be in five target groups. Publish fewer ports, or split the service.";
    /// Two services publish one port.
    PORT_TAKEN = "ecs-port-taken",
        "another service publishes the port already",
        "A load balancer has one listener for a port, and it leads to one service: the first in the file. Give the other a port of its own, or take it out by its profile where the two never run together.";
    /// Fargate does not allow it.
    FARGATE = "ecs-fargate",
        "Fargate does not allow it",
        "Machines of AWS give tasks no more rights and devices than they need. Use the EC2 launch type, or change the program so that it can do without.";
    /// The capability cannot be changed.
    CAPABILITY = "ecs-capability",
        "the capability cannot be changed",
        "Fargate adds `SYS_PTRACE` only; on instances all capabilities the ECS API names can be added. Use the EC2 launch type, or change the program so that it can do without.";
    /// The security option is not carried.
    SECURITY_OPTION = "ecs-security-option",
        "the security option is not carried",
        "ECS on instances takes `no-new-privileges`, AppArmor profiles and SELinux labels; the filter of system calls is always the engine's own.";
    /// Namespaces cannot be shared this way.
    NAMESPACE = "ecs-namespace",
        "namespaces cannot be shared this way",
        "A container can share processes or memory with its own task, and on instances with the machine. All else stays its own.";
    /// The kernel parameter keeps its value.
    SYSCTL = "ecs-sysctl",
        "the kernel parameter keeps its value",
        "Only parameters of the network's namespace and of shared memory belong to a task; all others are the machine's. Set them on the instance, with the EC2 launch type.";
    /// The limit keeps the machine's value.
    ULIMIT = "ecs-ulimit",
        "the limit keeps the machine's value",
        "Fargate sets the number of open files only. With the EC2 launch type, the 15 limits of Docker are carried.";
    /// Memory is counted in whole MiB.
    MEMORY = "ecs-memory",
        "memory is counted in whole MiB",
        "ECS counts memory in whole MiB, at least 6, and wants the limit to be above the reservation. Amounts are rounded up.";
    /// Processor time is a part of the task's size.
    CPU = "ecs-cpu",
        "processor time is a part of the task's size",
        "On Fargate the size of the task is what its containers share; on instances a container gets its part when others want the processor too. Periods, quotas and single cores cannot be set.";
    /// A task has one of the sizes of Fargate.
    TASK_SIZE = "ecs-task-size",
        "a task has one of the sizes of Fargate",
        "Fargate has fixed pairs of processor and memory. The smallest that holds the sum of what the containers ask for is taken; without any wish, 0.25 cores and 512 MiB. Set `deploy.resources.limits` to choose another; sizes differ in price.";
    /// Swap is not carried.
    SWAP = "ecs-swap",
        "swap is not carried",
        "Fargate has no swap. On instances ECS takes an amount of swap beside a memory limit, and how readily it is used.";
    /// The device is not there.
    DEVICES = "ecs-devices",
        "the device is not there",
        "Tasks on Fargate see no devices. On instances, devices by path and a number of graphics processors are carried.";
    /// Volumes are directories of an EFS file system.
    VOLUME_FILE_SYSTEM = "ecs-volume-file-system",
        "volumes are directories of an EFS file system",
        "On Fargate what has to outlive a task is kept in an EFS file system, which stays when the stack is deleted. It is reached over the network: small writes are slower, and databases want it mounted by one task only. An empty directory is not filled from the image, and belongs to root with write access for all.";
    /// Volumes belong to the instance.
    VOLUME_INSTANCE = "ecs-volume-instance",
        "volumes belong to the instance",
        "With the EC2 launch type a volume is one of the instance's container engine. A task that starts on another instance finds another volume. Pin the service to an instance, or use Fargate, where volumes are directories of EFS.";
    /// Tasks share the volume.
    VOLUME_PER_TASK = "ecs-volume-per-task",
        "tasks share the volume",
        "ECS gives all tasks of a definition the same volume. Run one task, or make the program keep its files apart.";
    /// The volume's driver is not used.
    VOLUME_DRIVER = "ecs-volume-driver",
        "the volume's driver is not used",
        "Fargate mounts EFS and nothing else here. For an NFS server or another plugin use the EC2 launch type.";
    /// A volume without a name goes with its task.
    VOLUME_TASK = "ecs-volume-task",
        "a volume without a name goes with its task",
        "It is scratch space of the task. Give the volume a name for it to outlive the task.";
    /// A part of a volume cannot be mounted.
    SUBPATH = "ecs-subpath",
        "a part of a volume cannot be mounted",
        "ECS mounts volumes whole, so the task sees all of it. Use a volume of its own for each part.";
    /// Paths of the machine.
    HOST_PATH = "ecs-host-path",
        "paths of the machine",
        "Machines of AWS hold nothing of the user's, so on Fargate nothing is mounted; on instances the path must be there already on every one of them. Put configuration into `configs`, programs and static files into the image, and what changes into a named volume.";
    /// This cannot be mounted.
    MOUNT_SOURCE = "ecs-mount-source",
        "this cannot be mounted",
        "ECS mounts volumes, memory and, on instances, paths of the machine.";
    /// Memory mounts have a size.
    MEMORY_MOUNT = "ecs-memory-mount",
        "memory mounts have a size",
        "ECS demands a size for a mount in memory; without one in the file it is 64 MiB. Options the API does not know are left out.";
    /// A first container writes the file.
    FILE = "ecs-file",
        "a first container writes the file",
        "ECS mounts no single files. A first container of each task writes configs and secrets into a volume of the task, which is mounted at the directory the file is in. Nothing else of the image is seen there, so use a directory that holds nothing else, such as `/etc/nginx/conf.d`.";
    /// The file cannot be put there.
    FILE_PLACE = "ecs-file-place",
        "the file cannot be put there",
        "A file is put in place by mounting the directory it is in, and this one holds what the image cannot do without, or is a mount already. Choose a directory of its own and tell the program where its file is.";
    /// Owners are numbers.
    FILE_OWNER = "ecs-file-owner",
        "owners are numbers",
        "The container that writes the file does not know the users of the image. Give `uid` and `gid` as numbers.";
    /// Configs are part of the task definition.
    CONFIG = "ecs-config",
        "configs are part of the task definition",
        "The content stands in the definition, which may have 64 KiB in all, and is readable to who may read definitions. Larger files and those whose content is not at hand are left out: put them into the image.";
    /// Secrets stay in the account.
    SECRET = "ecs-secret",
        "secrets stay in the account",
        "No value of a secret is read or written. The template has a parameter for each, the ARN of a secret in Secrets Manager or of a parameter in SSM, and the task's execution role may read exactly those. Create them with `aws secretsmanager create-secret`.";
    /// Placeholders in the content stay.
    TEMPLATE = "ecs-template",
        "placeholders in the content stay",
        "The engine would fill in placeholders when a task starts; here nobody does. Write the finished content.";
    /// Labels of this kind are not carried.
    LABELS = "ecs-labels",
        "labels of this kind are not carried",
        "What it becomes is not labelled. Nothing that runs depends on it.";
    /// A label cannot be a tag.
    TAGS = "ecs-tags",
        "a label cannot be a tag",
        "Labels of a service become tags, of which AWS takes 50, with keys of 128 and values of 256 letters, digits, spaces and `_.:/=+-@`. Labels that programs read, such as those of a reverse proxy, have no effect on ECS in any case.";
    /// Health checks run in whole seconds and within limits.
    HEALTH_RANGE = "ecs-health-range",
        "health checks run in whole seconds and within limits",
        "ECS takes an interval of 5 to 300 s, a timeout of 2 to 60 s, 1 to 10 retries and a start period up to 300 s. What lies outside is set to the nearest.";
    /// An image's own health check is not run.
    HEALTH_IMAGE = "ecs-health-image",
        "an image's own health check is not run",
        "ECS runs the health check of the definition only. Write the image's check into the file, with its `test`, for tasks to be watched and others to wait for them.";
    /// Services are kept at their number.
    RESTART = "ecs-restart",
        "services are kept at their number",
        "A service replaces every task that ends, whatever its exit code; compose leaves it stopped unless told otherwise. Set `restart: \"no\"` to make it a job.";
    /// ECS decides when to start again.
    RESTART_DETAIL = "ecs-restart-detail",
        "ECS decides when to start again",
        "A container that ran for a minute or more is started again in its task; one that ends sooner takes its task along, and a new task takes its place, after ever longer times. Numbers of attempts and delays cannot be set.";
    /// The stop signal is the image's.
    STOP_SIGNAL = "ecs-stop-signal",
        "the stop signal is the image's",
        "ECS sends the signal the image names with `STOPSIGNAL`, or SIGTERM. Add the line to the Dockerfile.";
    /// The time to stop is limited.
    STOP_TIMEOUT = "ecs-stop-timeout",
        "the time to stop is limited",
        "ECS takes whole seconds from 2, and on Fargate at most 120. A process that needs longer is killed.";
    /// Commands around a task are not run.
    HOOKS = "ecs-hooks",
        "commands around a task are not run",
        "ECS runs nothing beside a container's own process. Put the commands into the image's entry point, or into a service others wait for.";
    /// Order holds when the stack is created.
    DEPENDENCY = "ecs-dependency",
        "order holds when the stack is created",
        "CloudFormation creates a service after those it depends on are steady, which includes their health checks. Afterwards tasks start whenever they have to, without waiting. Programs should try again until what they need is there.";
    /// Nothing waits for a job.
    DEPENDENCY_JOB = "ecs-dependency-job",
        "nothing waits for a job",
        "A template cannot run a task and wait for its end. Run the job with `aws ecs run-task --cli-input-json file://job/<name>.json` and wait for it with `aws ecs wait tasks-stopped`; until then services fail and are started again.";
    /// Dependencies go round in a ring.
    DEPENDENCY_RING = "ecs-dependency-ring",
        "dependencies go round in a ring",
        "Services that wait for each other never start. The dependency that closes the ring is left out.";
    /// A job is started by request.
    JOB = "ecs-job",
        "a job is started by request",
        "What runs to completion is a task definition without a service. `aws ecs run-task --cli-input-json file://job/<name>.json` starts it; it publishes nothing, is found under no name and is not started again.";
    /// The clock does not start it.
    SCHEDULE = "ecs-schedule",
        "the clock does not start it",
        "No schedule is rendered. Add a schedule of EventBridge Scheduler with the task definition as its target.";
    /// One task instead of one on each node.
    GLOBAL = "ecs-global",
        "one task instead of one on each node",
        "Fargate has no nodes, and jobs have no such mode. With the EC2 launch type a global service becomes a daemon.";
    /// Placement is by properties of instances.
    PLACEMENT = "ecs-placement",
        "placement is by properties of instances",
        "With the EC2 launch type labels of nodes are attributes of instances, which you set, and the architecture and the system are there already. On Fargate tasks are spread over availability zones.";
    /// ECS replaces tasks by percentages.
    UPDATE = "ecs-update",
        "ECS replaces tasks by percentages",
        "The number of tasks replaced at once and their order become percentages. Delays between groups and a time of watching cannot be set for rolling updates.";
    /// How tasks are replaced is not said.
    UPDATE_DEFAULT = "ecs-update-default",
        "how tasks are replaced is not said",
        "Without an update policy, new tasks start before old ones stop and a failed update is taken back. Services with volumes stop the old task first, as two must not write at once.";
    /// Tasks are taken back as they are updated.
    ROLLBACK = "ecs-rollback",
        "tasks are taken back as they are updated",
        "A rollback is a deployment of the revision before, with the same percentages.";
    /// Routes are not rendered.
    ROUTES = "ecs-routes",
        "routes are not rendered",
        "Ways in by host name and path are not rendered. Publish the port, and add rules to the load balancer's listener.";
    /// Providers are not run.
    PROVIDER = "ecs-provider",
        "providers are not run",
        "A provider is a program on the machine of whoever deploys. Give the services that use it its results as variables.";
    /// Models are not served.
    MODEL = "ecs-model",
        "models are not served",
        "ECS has no service for language models. Run one as a service of the stack, or give the address of one outside in a variable.";
    /// A task has limits.
    TASK_LIMIT = "ecs-task-limit",
        "a task has limits",
        "A task has at most 10 containers, and its interface is in at most 5 security groups: one for each network, one for volumes, one for published ports. Take the service out of some networks.";
    /// AWS refuses what would be sent.
    RULE = "ecs-rule",
        "AWS refuses what would be sent",
        "The rendering breaks a rule of the ECS API, so AWS would refuse it, or the part that is named. The rules and where AWS states them are in `docs/ecs-rules.md`. Change the value the rule is about, or take the service out of what is deployed to ECS.";
    /// A word of the template language.
    TEMPLATE_WORD = "ecs-template-word",
        "a word of the template language",
        "In a template, a map with the single key `Ref`, `Condition` or `Fn::…` is a function, and `{{resolve:…}}` in any text is put in place by CloudFormation; neither can be quoted. Such keys are left out. The requests beside the template carry such texts as they are.";
    /// The template is large.
    TEMPLATE_SIZE = "ecs-template-size",
        "the template is large",
        "CloudFormation takes a template of 51,200 bytes in a request and of 1 MB from S3, with 500 resources and 200 parameters. Larger stacks have to be split, or deployed with the requests beside the template.";
}
