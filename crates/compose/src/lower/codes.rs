//! The notes lowering makes.

tranship_model::codes! {
    /// A key that says how an image is built.
    BUILD = "compose-build-only",
        "images are built before a stack is deployed",
        "An orchestrator runs images; it does not build them. What stands under `build` is therefore \
         used before deploying, and nothing of it reaches the target.\n\n\
         Build the image and push it to a registry that every node can reach, then deploy:\n\n\
         ```console\n\
         $ docker compose build --push\n\
         ```\n";
    /// A service that names no image, only how to build one.
    BUILT_IMAGE = "compose-image-unnamed",
        "the image has only the name a local build gives it",
        "The service says how its image is built, but not what it is called. A local build calls it \
         `<project>-<service>`, and that name is what the target is told to run. The name has no \
         registry in it: a node that did not build the image itself looks for it on Docker Hub and \
         does not find it.\n\n\
         Give the service an `image` with your registry in it, beside `build`.\n";
    /// A key for the time people work on the service.
    DEVELOPMENT = "compose-development-only",
        "the key is for the machine people develop on",
        "`develop` watches source files and brings changes into running containers; `attach` decides \
         whether `docker compose up` shows a service's output. Both are about the terminal of whoever \
         works on the project. A deployed stack has neither, and behaves no differently without \
         them.\n";
    /// A key that is used up while loading.
    LOAD_TIME = "compose-load-time",
        "the key has done its work while the file was loaded",
        "Some keys decide what the rest of the file means: `profiles` choose the services that take \
         part, `env_file` and `label_file` are read into `environment` and `labels`. What they decide \
         is in the stack; the keys themselves have nothing left to say.\n";
    /// An `x-` key.
    EXTENSION = "compose-extension",
        "`x-` keys have no meaning to compose",
        "Keys that begin with `x-` are for other tools and for anchors. Docker ignores them, and so do \
         the targets. What an anchor brought to other places of the file has arrived there.\n\n\
         One of them is read: `x-tranship`, which says what compose has no words for. On a service, \
         `routes`, a list of `host`, `path`, `port` and `tls`; on a volume, `scope` (`shared` or \
         `per-task`) and `size`.\n";
    /// A part of `x-tranship` or of a label that could not be understood.
    EXTENSION_UNREAD = "compose-extension-unread",
        "a part of `x-tranship` or of a `kompose` label is not understood",
        "`x-tranship` and the labels `kompose.service.expose` and `kompose.volume.size` say what \
         compose has no words for. This part of them could not be understood, and the stack is \
         deployed without it.\n\n\
         ```yaml\n\
         services:\n  \
           web:\n    \
             x-tranship:\n      \
               routes:\n        \
                 - { host: shop.example.com, path: /, port: 8080, tls: true }\n\
         volumes:\n  \
           data:\n    \
             x-tranship: { scope: per-task, size: 10Gi }\n\
         ```\n";
    /// A key that another one overrules.
    OVERRULED = "compose-overruled",
        "another key says the same and wins",
        "Compose can say some things twice, such as `restart` and `deploy.restart_policy`. Docker \
         takes the one under `deploy`, or the one that leaves the other no meaning, and so do the \
         targets. Remove the key that does nothing, so that nobody reads it for the truth.\n";
    /// A key that says nothing.
    NO_EFFECT = "compose-no-effect",
        "the key changes nothing",
        "The value is empty, is the default, or stands where Docker does not look for it. The stack \
         behaves the same without it, with Docker as on the target.\n";
    /// A word or entry nobody knows.
    UNREADABLE = "compose-value-unknown",
        "a value is not one that Docker knows",
        "The file loads, because the reference loader does not check this value, but the engine knows \
         no such word and refuses it or falls back to its default. The stack is deployed as if the key \
         were not there.\n\n\
         Correct the value; `tranship check` says where it stands.\n";
    /// An attribute a hook shares with its service.
    HOOK_INHERITS = "compose-hook-inherits",
        "a hook has this from its service",
        "A `pre_start` hook starts from all attributes of its service but the mounts. For this \
         attribute the hook says nothing else, and gets it where the service gets it.\n";
    /// An attribute a hook has for itself.
    HOOK_ATTRIBUTE = "compose-hook-attribute",
        "a hook differs from its service in a way no target carries",
        "A `pre_start` hook runs in a container of its own, and may say nearly everything about it. \
         Targets run it beside the service's tasks: with an image, a command, a user, a directory, \
         variables and rights of its own, and with all else as its service has it. This attribute \
         differs from the service's, and the hook runs without the difference.\n\n\
         If the hook needs it, make it a service of its own and let others wait for it with \
         `depends_on` and `service_completed_successfully`.\n";
}
