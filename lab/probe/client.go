package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// limit is how long one try may take.
const limit = 2 * time.Second

func newFlags(name string) *flag.FlagSet { return flag.NewFlagSet(name, flag.ExitOnError) }

// withRetries parses `[-retry DURATION] WHERE` and tries until it works or the time is over.
func withRetries(name string, arguments []string, try func(where string) error) error {
	flags := newFlags(name)
	retry := flags.Duration("retry", 0, "how long to try again")
	_ = flags.Parse(arguments)
	if flags.NArg() != 1 {
		return errors.New(usage)
	}
	end := time.Now().Add(*retry)
	for {
		err := try(flags.Arg(0))
		if err == nil || time.Now().After(end) {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func clientCommand(arguments []string) error {
	return withRetries("client", arguments, func(url string) error { return get(url, os.Stdout) })
}

func healthCommand(arguments []string) error {
	url := "http://127.0.0.1:8080/health"
	if len(arguments) > 0 {
		url = arguments[0]
	}
	return get(url, os.Stderr)
}

// get fails for anything but a 2xx. Every try is a connection of its own, so that balancing and
// endings of servers are seen.
func get(url string, body io.Writer) error {
	transport := &http.Transport{DisableKeepAlives: true}
	client := http.Client{Timeout: limit, Transport: transport}
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s: %s", answer.Status, strings.TrimSpace(string(text)))
	}
	_, err = body.Write(text)
	return err
}

func tcpCommand(arguments []string) error {
	return withRetries("tcp", arguments, func(address string) error {
		connection, err := net.DialTimeout("tcp", address, limit)
		if err != nil {
			return err
		}
		return connection.Close()
	})
}

func udpCommand(arguments []string) error {
	return withRetries("udp", arguments, func(address string) error {
		connection, err := net.DialTimeout("udp", address, limit)
		if err != nil {
			return err
		}
		defer connection.Close()
		if err := connection.SetDeadline(time.Now().Add(limit)); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(connection, "hello"); err != nil {
			return err
		}
		line, err := bufio.NewReader(connection).ReadString('\n')
		fmt.Print(line)
		return err
	})
}
