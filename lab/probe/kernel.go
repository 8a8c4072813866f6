package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// mount is a file system as this process sees it.
type mount struct {
	Type     string `json:"type"`
	ReadOnly bool   `json:"read_only"`
	Options  string `json:"options"`
	Shared   string `json:"propagation"`
	Bytes    uint64 `json:"bytes"`
	Mode     string `json:"mode"`
	User     uint32 `json:"user"`
}

// mounts leaves out what every container has and no stack asks for.
func mounts() map[string]mount {
	found := map[string]mount{}
	for _, row := range strings.Split(line("/proc/self/mountinfo"), "\n") {
		before, after, _ := strings.Cut(row, " - ")
		left, right := strings.Fields(before), strings.Fields(after)
		if len(left) < 6 || len(right) < 1 || isCommon(left[4]) {
			continue
		}
		options := strings.Split(left[5], ",")
		one := mount{Type: right[0], ReadOnly: contains(options, "ro"), Options: left[5]}
		one.Shared = strings.Join(left[6:], " ")
		measure(left[4], &one)
		found[left[4]] = one
	}
	return found
}

func isCommon(path string) bool {
	return strings.HasPrefix(path, "/proc") || strings.HasPrefix(path, "/sys") ||
		path == "/dev" || path == "/dev/pts" || path == "/dev/mqueue"
}

func measure(path string, one *mount) {
	var sizes syscall.Statfs_t
	if one.Type == "tmpfs" && syscall.Statfs(path, &sizes) == nil {
		one.Bytes = sizes.Blocks * uint64(sizes.Bsize)
	}
	if about, err := os.Stat(path); err == nil {
		one.Mode = mode(about)
		one.User = about.Sys().(*syscall.Stat_t).Uid
	}
}

// mode is four octal digits.
func mode(about os.FileInfo) string {
	return fmt.Sprintf("%04o", about.Sys().(*syscall.Stat_t).Mode&0o7777)
}

// statusOfProcess is /proc/self/status by its titles.
func statusOfProcess() map[string]string {
	found := map[string]string{}
	for _, row := range strings.Split(line("/proc/self/status"), "\n") {
		title, value, _ := strings.Cut(row, ":")
		found[title] = strings.TrimSpace(value)
	}
	return found
}

// capabilityNames stand in the order of their bits.
var capabilityNames = strings.Fields(`CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID
	SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK
	IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE
	SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP
	MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF
	CHECKPOINT_RESTORE`)

func capabilities(status map[string]string) map[string][]string {
	found := map[string][]string{}
	for name, title := range map[string]string{"bounding": "CapBnd", "effective": "CapEff"} {
		bits, _ := strconv.ParseUint(status[title], 16, 64)
		found[name] = []string{}
		for bit, capability := range capabilityNames {
			if bits&(1<<bit) != 0 {
				found[name] = append(found[name], capability)
			}
		}
	}
	return found
}

// cgroupFiles are what limits are read from, with cgroup v1 and v2.
var cgroupFiles = map[string][]string{
	"memory":      {"memory/memory.limit_in_bytes", "memory.max"},
	"reservation": {"memory/memory.soft_limit_in_bytes", "memory.low"},
	"swap":        {"memory/memory.memsw.limit_in_bytes", "memory.swap.max"},
	"swappiness":  {"memory/memory.swappiness"},
	"oom":         {"memory/memory.oom_control"},
	"shares":      {"cpu/cpu.shares", "cpu.weight"},
	"quota":       {"cpu/cpu.cfs_quota_us", "cpu.max"},
	"period":      {"cpu/cpu.cfs_period_us"},
	"rt_runtime":  {"cpu/cpu.rt_runtime_us"},
	"rt_period":   {"cpu/cpu.rt_period_us"},
	"cpuset":      {"cpuset/cpuset.cpus", "cpuset.cpus"},
	"pids":        {"pids/pids.max", "pids.max"},
	"weight":      {"blkio/blkio.weight", "blkio/blkio.bfq.weight", "io.weight"},
	"devices":     {"devices/devices.list"},
}

func cgroup() map[string]string {
	found := map[string]string{}
	for name, paths := range cgroupFiles {
		for _, path := range paths {
			if text, err := os.ReadFile("/sys/fs/cgroup/" + path); err == nil {
				found[name] = strings.TrimSpace(string(text))
				break
			}
		}
	}
	quota, period := number(found["quota"]), number(found["period"])
	if quota > 0 && period > 0 {
		found["cores"] = strconv.FormatFloat(float64(quota)/float64(period), 'f', 3, 64)
	}
	for _, row := range strings.Split(line("/proc/self/cgroup"), "\n") {
		if parts := strings.SplitN(row, ":", 3); len(parts) == 3 && parts[1] == "memory" {
			found["path"] = parts[2]
		}
	}
	return found
}

// sysctls are kernel parameters by the names people write.
func sysctls() map[string]string {
	found := map[string]string{}
	for _, name := range words("WORLD_SYSCTLS") {
		found[name] = line("/proc/sys/" + strings.ReplaceAll(name, ".", "/"))
	}
	return found
}

func domain() string { return line("/proc/sys/kernel/domainname") }

func contains(list []string, wanted string) bool {
	for _, one := range list {
		if one == wanted {
			return true
		}
	}
	return false
}
