// The main package of kompose, which its module does not offer to others.
package main

import "github.com/kubernetes/kompose/cmd"

func main() { cmd.Execute() }
