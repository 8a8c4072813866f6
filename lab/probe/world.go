package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// world is what a process in a container can see of how it was started.
type world struct {
	Arguments       []string            `json:"arguments"`
	Environment     map[string]string   `json:"environment"`
	Folder          string              `json:"folder"`
	User            int                 `json:"user"`
	Group           int                 `json:"group"`
	Groups          []int               `json:"groups"`
	Hostname        string              `json:"hostname"`
	Domain          string              `json:"domain"`
	Limits          map[string][]int64  `json:"limits"`
	Capabilities    map[string][]string `json:"capabilities"`
	NoNewPrivileges bool                `json:"no_new_privileges"`
	Seccomp         string              `json:"seccomp"`
	Umask           string              `json:"umask"`
	Cgroup          map[string]string   `json:"cgroup"`
	OutOfMemory     int64               `json:"oom_score_adj"`
	Mounts          map[string]mount    `json:"mounts"`
	Files           map[string]any      `json:"files"`
	Writes          map[string]bool     `json:"writes"`
	Hosts           map[string]string   `json:"hosts"`
	Resolver        resolver            `json:"resolver"`
	Sysctls         map[string]string   `json:"sysctls"`
	Process         int                 `json:"process"`
	First           string              `json:"first"`
	Namespaces      map[string]string   `json:"namespaces"`
	Terminal        bool                `json:"terminal"`
	Input           string              `json:"input"`
	Devices         []string            `json:"devices"`
	Addresses       map[string][]string `json:"addresses"`
	Image           string              `json:"image"`
	Started         int64               `json:"started"`
	Starts          int                 `json:"starts"`
}

// worldCommand says what it sees, one report a line, and goes on until it is told to end.
// Whatever its arguments are, they are only reported: the environment says what to look at.
func worldCommand([]string) error {
	started := time.Now()
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP,
		syscall.SIGUSR1, syscall.SIGUSR2)
	starts := count(os.Getenv("WORLD_STARTS"))
	say("world", look(started, starts))
	if needed, _ := strconv.Atoi(os.Getenv("WORLD_FAILS")); starts <= needed && needed > 0 {
		time.Sleep(duration("WORLD_ENDS"))
		return code(3)
	}
	go follow(started)
	if after := duration("WORLD_ENDS"); after > 0 {
		time.Sleep(after)
		return nil
	}
	say("signal", (<-signals).String())
	// Lines until it is killed tell how long that took.
	for told := time.Now(); time.Since(told) < duration("WORLD_LINGERS"); {
		time.Sleep(250 * time.Millisecond)
		say("lived", time.Since(told).Milliseconds())
	}
	return nil
}

// say prints one line that can be found among others.
func say(what string, value any) {
	text, err := json.Marshal(map[string]any{what: value})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
}

func look(started time.Time, starts int) world {
	folder, _ := os.Getwd()
	groups, _ := os.Getgroups()
	sort.Ints(groups)
	name, _ := os.Hostname()
	status := statusOfProcess()
	return world{
		Arguments: os.Args, Environment: environmentMap(), Folder: folder,
		User: os.Getuid(), Group: os.Getgid(), Groups: groups,
		Hostname: name, Domain: domain(), Limits: limits(), Capabilities: capabilities(status),
		NoNewPrivileges: status["NoNewPrivs"] == "1", Seccomp: status["Seccomp"], Umask: status["Umask"],
		Cgroup: cgroup(), OutOfMemory: number(line("/proc/self/oom_score_adj")), Mounts: mounts(),
		Files: files(), Writes: writes(), Hosts: hosts(), Resolver: readResolver(), Sysctls: sysctls(),
		Process: os.Getpid(), First: strings.ReplaceAll(line("/proc/1/cmdline"), "\x00", " "),
		Namespaces: namespaces(), Terminal: isTerminal(), Input: link("/proc/self/fd/0"),
		Devices: names("/dev"), Addresses: addresses(), Image: os.Getenv("IMAGE"),
		Started: started.UnixMilli(), Starts: starts,
	}
}

// follow tells what only shows in time: names, other servers, and how often the health was asked.
func follow(started time.Time) {
	if patience := duration("WORLD_PATIENCE"); patience > 0 {
		say("names", resolve(words("WORLD_NAMES"), started.Add(patience)))
		say("answers", ask(words("WORLD_URLS"), started.Add(patience)))
	}
	if file := os.Getenv("WORLD_TICKS"); file != "" {
		time.Sleep(time.Until(started.Add(duration("WORLD_TICKS_FOR"))))
		say("ticks", ticks(file, started))
	}
}

// tickCommand is a health check that leaves a trace.
func tickCommand(arguments []string) error {
	if len(arguments) == 0 {
		return errors.New(usage)
	}
	file, err := os.OpenFile(arguments[0], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = fmt.Fprintln(file, time.Now().UnixMilli())
	return err
}

func ticks(file string, started time.Time) []int64 {
	times := []int64{}
	text, _ := os.ReadFile(file)
	for _, at := range strings.Fields(string(text)) {
		times = append(times, number(at)-started.UnixMilli())
	}
	return times
}

// count keeps how often this was started in a file that outlives the container.
func count(file string) int {
	if file == "" {
		return 1
	}
	starts := int(number(line(file))) + 1
	if err := os.WriteFile(file, []byte(strconv.Itoa(starts)), 0o666); err != nil {
		log.Print(err)
	}
	return starts
}

func environmentMap() map[string]string {
	values := map[string]string{}
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		values[name] = value
	}
	return values
}

// limits are those a child gets: Go raises its own limit of open files.
func limits() map[string][]int64 {
	found := map[string][]int64{}
	text, err := exec.Command("/bin/cat", "/proc/self/limits").Output()
	if err != nil {
		return found
	}
	for name, title := range limitTitles {
		for _, row := range strings.Split(string(text), "\n") {
			rest, is := strings.CutPrefix(row, title+" ")
			if values := strings.Fields(rest); is && len(values) >= 2 {
				found[name] = []int64{limitValue(values[0]), limitValue(values[1])}
			}
		}
	}
	return found
}

var limitTitles = map[string]string{
	"nofile": "Max open files", "nproc": "Max processes", "core": "Max core file size",
	"memlock": "Max locked memory", "stack": "Max stack size",
}

func limitValue(text string) int64 {
	if text == "unlimited" {
		return -1
	}
	return number(text)
}

func files() map[string]any {
	found := map[string]any{}
	for _, path := range words("WORLD_FILES") {
		about, err := os.Stat(path)
		if err != nil {
			found[path] = nil
			continue
		}
		content := ""
		if !about.IsDir() {
			text, err := os.ReadFile(path)
			if content = string(text); err != nil {
				content = err.Error()
			}
		}
		owner := about.Sys().(*syscall.Stat_t)
		found[path] = map[string]any{
			"content": content, "mode": mode(about), "user": owner.Uid, "group": owner.Gid,
		}
	}
	return found
}

// writes are the folders in which a file can be made.
func writes() map[string]bool {
	found := map[string]bool{}
	for _, folder := range words("WORLD_WRITES") {
		file := filepath.Join(folder, "written")
		found[folder] = os.WriteFile(file, []byte("text"), 0o666) == nil
	}
	return found
}

func addresses() map[string][]string {
	found := map[string][]string{}
	interfaces, _ := net.Interfaces()
	for _, one := range interfaces {
		found[one.Name] = []string{one.HardwareAddr.String()}
		list, _ := one.Addrs()
		for _, address := range list {
			found[one.Name] = append(found[one.Name], address.String())
		}
	}
	return found
}

func namespaces() map[string]string {
	found := map[string]string{}
	for _, kind := range []string{"cgroup", "ipc", "net", "pid", "user", "uts"} {
		found[kind] = link("/proc/self/ns/" + kind)
	}
	return found
}

func isTerminal() bool {
	about, err := os.Stdout.Stat()
	return err == nil && about.Mode()&os.ModeCharDevice != 0
}

// words are the parts of a variable between spaces.
func words(variable string) []string { return strings.Fields(os.Getenv(variable)) }

func line(path string) string {
	text, _ := os.ReadFile(path)
	return strings.TrimSpace(string(text))
}

func link(path string) string {
	target, err := os.Readlink(path)
	if err != nil {
		return err.Error()
	}
	return target
}

func names(folder string) []string {
	entries, _ := os.ReadDir(folder)
	found := []string{}
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	return found
}

func number(text string) int64 {
	value, _ := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	return value
}
