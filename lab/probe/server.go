package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

const help = `GET
  /            this
  /version     $VERSION, or the image's name
  /host        the host's name and addresses, as JSON
  /health      200, or 503 after /unhealthy, or when $UNHEALTHY is set
  /ready       200, or 503 before $READY_AFTER (as 5s) has passed, or after /unready
  /healthy /unhealthy /unready   change what the two say
  /env         the environment, as JSON
  /env/NAME    one variable; 404 when it is not set
  /file/PATH   a file's content; 404 when there is none
  /write/PATH?text=TEXT   write a file
  /signals     the signals received, as JSON
  /identity    user, group and process, as JSON
  /delay/5s    answer later
  /get?url=URL what another server answers, or 502
  /status/CODE answer with a code
  /crash/CODE  end at once with a code

The environment says how it starts and ends: START_AFTER (as 3s) before it listens, CRASH_AFTER
and CRASH_CODE, STOP_AFTER (how long it goes on after SIGTERM), IGNORE_SIGTERM, UNHEALTHY,
READY_AFTER, PORT.
`

type server struct {
	started   time.Time
	readyFrom time.Time
	unhealthy atomic.Bool
	unready   atomic.Bool
	signals   chan []string
}

func serveCommand(arguments []string) error {
	flags := newFlags("serve")
	listen := flags.String("listen", ":"+variable("PORT", "8080"), "where HTTP is answered")
	udp := flags.String("udp", "", "where lines are echoed")
	_ = flags.Parse(arguments)
	time.Sleep(duration("START_AFTER"))
	s := &server{started: time.Now(), signals: make(chan []string, 1)}
	s.signals <- []string{}
	s.readyFrom = s.started.Add(duration("READY_AFTER"))
	s.unhealthy.Store(os.Getenv("UNHEALTHY") != "")
	if after := duration("CRASH_AFTER"); after > 0 {
		time.AfterFunc(after, func() { end(variable("CRASH_CODE", "1")) })
	}
	if *udp != "" {
		go echo(*udp)
	}
	http := &http.Server{Addr: *listen, Handler: s.routes()}
	go s.waitForSignals(http)
	log.Printf("version %s listens on %s", version(), *listen)
	if err := http.ListenAndServe(); err != nil && err.Error() != "http: Server closed" {
		return err
	}
	select {} // The one who closed it ends the program.
}

func (s *server) routes() http.Handler {
	routes := http.NewServeMux()
	text := func(path string, answer func(*http.Request) (int, string)) {
		routes.HandleFunc("GET "+path, func(writer http.ResponseWriter, request *http.Request) {
			status, text := answer(request)
			writer.WriteHeader(status)
			fmt.Fprint(writer, text)
		})
	}
	text("/{$}", always(func() string { return help }))
	text("/version", always(func() string { return version() + "\n" }))
	text("/host", always(host))
	text("/health", check(func() bool { return !s.unhealthy.Load() }))
	text("/ready", check(func() bool { return !s.unready.Load() && time.Now().After(s.readyFrom) }))
	text("/healthy", always(func() string { s.unhealthy.Store(false); return "" }))
	text("/unhealthy", always(func() string { s.unhealthy.Store(true); return "" }))
	text("/unready", always(func() string { s.unready.Store(true); return "" }))
	text("/env", always(func() string { return encode(os.Environ()) }))
	text("/env/{name}", environment)
	text("/file/{path...}", readFile)
	text("/write/{path...}", writeFile)
	text("/signals", always(s.received))
	text("/identity", always(identity))
	text("/delay/{time}", delay)
	text("/get", other)
	text("/status/{code}", status)
	text("/crash/{code}", func(r *http.Request) (int, string) { end(r.PathValue("code")); return 500, "" })
	return routes
}

func always(text func() string) func(*http.Request) (int, string) {
	return func(*http.Request) (int, string) { return http.StatusOK, text() }
}

func check(holds func() bool) func(*http.Request) (int, string) {
	return func(*http.Request) (int, string) {
		if holds() {
			return http.StatusOK, "ok\n"
		}
		return http.StatusServiceUnavailable, "no\n"
	}
}

// waitForSignals notes every signal, and ends as the environment says.
func (s *server) waitForSignals(server *http.Server) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP,
		syscall.SIGUSR1, syscall.SIGUSR2)
	for received := range signals {
		name := received.String()
		log.Printf("signal: %s", name)
		s.signals <- append(<-s.signals, name)
		switch received {
		case syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2:
			continue
		}
		if received == syscall.SIGTERM && os.Getenv("IGNORE_SIGTERM") != "" {
			continue
		}
		// It goes on answering meanwhile, as a server does that waits to be taken out of use.
		time.Sleep(duration("STOP_AFTER"))
		limited, stop := context.WithTimeout(context.Background(), time.Second)
		_ = server.Shutdown(limited)
		stop()
		os.Exit(0)
	}
}

func (s *server) received() string {
	names := <-s.signals
	s.signals <- names
	return encode(names)
}

// echo sends every datagram back.
func echo(address string) {
	connection, err := net.ListenPacket("udp", address)
	if err != nil {
		log.Fatal(err)
	}
	buffer := make([]byte, 65536)
	for {
		count, from, err := connection.ReadFrom(buffer)
		if err == nil {
			_, _ = connection.WriteTo(buffer[:count], from)
		}
	}
}

func version() string { return variable("VERSION", variable("IMAGE", "unknown")) }

func variable(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// duration is zero when the variable is not set, and ends the program when it makes no sense.
func duration(name string) time.Duration {
	value := os.Getenv(name)
	if value == "" {
		return 0
	}
	duration, err := time.ParseDuration(value)
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	return duration
}

func encode(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text) + "\n"
}

func end(code string) {
	number, err := strconv.Atoi(code)
	if err != nil {
		number = 1
	}
	log.Printf("ends with %d", number)
	os.Exit(number)
}
