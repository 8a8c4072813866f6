package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

func host() string {
	name, _ := os.Hostname()
	addresses := []string{}
	interfaces, _ := net.InterfaceAddrs()
	for _, address := range interfaces {
		addresses = append(addresses, address.String())
	}
	return encode(map[string]any{"name": name, "addresses": addresses})
}

func identity() string {
	groups, _ := os.Getgroups()
	folder, _ := os.Getwd()
	return encode(map[string]any{
		"user": os.Getuid(), "group": os.Getgid(), "groups": groups,
		"process": os.Getpid(), "folder": folder, "arguments": os.Args,
	})
}

func environment(request *http.Request) (int, string) {
	value, found := os.LookupEnv(request.PathValue("name"))
	if !found {
		return http.StatusNotFound, "not set\n"
	}
	return http.StatusOK, value
}

func readFile(request *http.Request) (int, string) {
	content, err := os.ReadFile("/" + request.PathValue("path"))
	if err != nil {
		return http.StatusNotFound, err.Error() + "\n"
	}
	return http.StatusOK, string(content)
}

func writeFile(request *http.Request) (int, string) {
	path := "/" + request.PathValue("path")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return http.StatusInternalServerError, err.Error() + "\n"
	}
	if err := os.WriteFile(path, []byte(request.URL.Query().Get("text")), 0o666); err != nil {
		return http.StatusInternalServerError, err.Error() + "\n"
	}
	return http.StatusOK, ""
}

func delay(request *http.Request) (int, string) {
	duration, err := time.ParseDuration(request.PathValue("time"))
	if err != nil {
		return http.StatusBadRequest, err.Error() + "\n"
	}
	time.Sleep(duration)
	return http.StatusOK, "late\n"
}

// other is how a test asks one container about another.
func other(request *http.Request) (int, string) {
	var body bytes.Buffer
	if err := get(request.URL.Query().Get("url"), &body); err != nil {
		return http.StatusBadGateway, err.Error() + "\n"
	}
	return http.StatusOK, body.String()
}

func status(request *http.Request) (int, string) {
	code, err := strconv.Atoi(request.PathValue("code"))
	if err != nil || code < 200 || code > 599 {
		return http.StatusBadRequest, "no status code\n"
	}
	return code, ""
}
