// Answers for the reference loader: reads cases on standard input, one JSON object a line, and
// prints the project of each in its canonical form, or why it was refused.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/sirupsen/logrus"
	yaml "gopkg.in/yaml.v3"
)

// How long one case may take; its dependency check doubles with every layer.
const limit = 10 * time.Second

// Question is one case.
type Question struct {
	ID        int      `json:"id"`
	Directory string   `json:"directory"`
	Files     []string `json:"files"`
	EnvFiles  []string `json:"env_files"`
	Profiles  []string `json:"profiles"`
	Variables []string `json:"variables"`
	Name      string   `json:"name"`
}

// Answer is what became of a case: a project, or an error.
type Answer struct {
	ID      int    `json:"id"`
	Project any    `json:"project,omitempty"`
	Error   string `json:"error,omitempty"`
}

func main() {
	logrus.SetOutput(io.Discard)
	switch strings.Join(os.Args[1:], " ") {
	case "schema":
		fmt.Println(schema.Schema)
	case "paths":
		for _, path := range schema.AttributePaths() {
			fmt.Println(path)
		}
	case "serve":
		serve(os.Stdin, os.Stdout)
	default:
		fmt.Fprintln(os.Stderr, "usage: oracle schema | paths | serve")
		os.Exit(2)
	}
}

func serve(in io.Reader, out io.Writer) {
	questions := make(chan Question, 4096)
	answers := make(chan Answer, 4096)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for question := range questions {
				answers <- answer(question)
			}
		})
	}
	go func() {
		read(in, questions)
		close(questions)
		workers.Wait()
		close(answers)
	}()
	write(out, answers)
}

func read(in io.Reader, questions chan<- Question) {
	decoder := json.NewDecoder(bufio.NewReader(in))
	for {
		var question Question
		if err := decoder.Decode(&question); err != nil {
			return
		}
		questions <- question
	}
}

func write(out io.Writer, answers <-chan Answer) {
	for answer := range answers {
		line, err := json.Marshal(answer)
		if err != nil {
			line, _ = json.Marshal(Answer{ID: answer.ID, Error: err.Error()})
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return
		}
	}
}

// answer loads a case, but for no longer than the limit, and survives a panic of the loader.
func answer(question Question) Answer {
	done := make(chan Answer, 1)
	go func() {
		defer func() {
			if panicked := recover(); panicked != nil {
				done <- Answer{ID: question.ID, Error: fmt.Sprint("panic in ", culprit(), ": ", panicked)}
			}
		}()
		project, err := load(question)
		if err != nil {
			done <- Answer{ID: question.ID, Error: err.Error()}
			return
		}
		done <- Answer{ID: question.ID, Project: project}
	}()
	select {
	case answer := <-done:
		return answer
	case <-time.After(limit):
		return Answer{ID: question.ID, Error: "timeout"}
	}
}

// culprit names the function of the loader that panicked.
func culprit() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	for {
		frame, more := frames.Next()
		if _, name, found := strings.Cut(frame.Function, "compose-go/v2/"); found {
			return name
		}
		if !more {
			return "an unknown place"
		}
	}
}

func load(question Question) (any, error) {
	// The order of docker compose: the files may lie where only an env file says, and may bring
	// an env file of their own.
	options, err := cli.NewProjectOptions(
		question.Files,
		cli.WithWorkingDirectory(question.Directory),
		cli.WithEnv(question.Variables),
		cli.WithEnvFiles(question.EnvFiles...),
		cli.WithDotEnv,
		cli.WithConfigFileEnv,
		cli.WithDefaultConfigPath,
		cli.WithEnvFiles(question.EnvFiles...),
		cli.WithDotEnv,
		cli.WithDefaultProfiles(question.Profiles...),
		cli.WithName(question.Name),
		cli.WithDiscardEnvFile,
	)
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	// The YAML form, because the JSON form leaves out the `x-` keys of services.
	text, err := project.MarshalYAML()
	if err != nil {
		return nil, err
	}
	var plain any
	err = yaml.Unmarshal(text, &plain)
	return plain, err
}
