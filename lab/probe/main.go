// The program in the containers of live tests: it does what a test asks, and tells what it sees.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const usage = `usage: probe COMMAND
  serve [-listen :8080] [-udp :PORT]   answer HTTP; see GET / for what can be asked
  client [-retry 30s] URL              GET; print the body; end with 1 when it is not a 2xx
  tcp [-retry 30s] ADDRESS             connect
  udp [-retry 30s] ADDRESS             send a line and wait for its echo
  health [URL]                         one GET within 2 s, http://127.0.0.1:8080/health by default
  job [-after 1s] [-code 0]            end with a code after a while
  pause                                do nothing until told to end
  world [ANYTHING]                     say as lines of JSON what it sees of how it was started; the
                                       environment names what to look at: WORLD_FILES, _WRITES,
                                       _SYSCTLS, _NAMES, _URLS (with _PATIENCE), _TICKS (with
                                       _TICKS_FOR), _STARTS; and how it ends: _ENDS, _FAILS, _LINGERS
  tick FILE                            a health check that notes its time`

// code is an error that only says how to end.
type code int

func (c code) Error() string { return "ends with " + strconv.Itoa(int(c)) }

var commands = map[string]func(arguments []string) error{
	"serve":  serveCommand,
	"client": clientCommand,
	"tcp":    tcpCommand,
	"udp":    udpCommand,
	"health": healthCommand,
	"job":    jobCommand,
	"pause":  pauseCommand,
	"tick":   tickCommand,
	"world":  worldCommand,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	err := commands[os.Args[1]](os.Args[2:])
	var wanted code
	if errors.As(err, &wanted) {
		os.Exit(int(wanted))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func jobCommand(arguments []string) error {
	flags := newFlags("job")
	after := flags.Duration("after", time.Second, "how long it works")
	ends := flags.Int("code", 0, "its exit code")
	_ = flags.Parse(arguments)
	time.Sleep(*after)
	fmt.Println("done")
	return code(*ends)
}

func pauseCommand([]string) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	<-signals
	return nil
}
