package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	image "github.com/opencontainers/image-spec/specs-go/v1"
)

// registry answers pulls of the names listed in a file, all with the same one layer, and says of
// every other name what a registry says of an image that is not there.
type registry struct {
	// folder holds image.tar, the layer, and names, one image per line.
	folder string
	lock   sync.Mutex
	layer  []byte
	made   time.Time
}

// packed is an image as it is pulled.
type packed struct {
	manifest, config, layer []byte
}

func (r *registry) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	asked := strings.TrimPrefix(request.URL.Path, "/v2/")
	if asked == "" {
		return
	}
	for _, kind := range []string{"/manifests/", "/blobs/"} {
		if name, wanted, found := strings.Cut(asked, kind); found {
			if content := r.find(request, name, kind, wanted); content != nil {
				send(writer, request, kind, content)
				return
			}
		}
	}
	http.Error(writer, `{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}`, http.StatusNotFound)
}

// find returns a manifest or blob. The runtime says in `ns` which registry it means.
func (r *registry) find(request *http.Request, name, kind, wanted string) []byte {
	for _, listed := range r.names() {
		tagged, ok := reference.TagNameOnly(listed).(reference.NamedTagged)
		if !ok || reference.Path(listed) != name || reference.Domain(listed) != request.URL.Query().Get("ns") {
			continue
		}
		packed, err := r.pack(tagged)
		if err != nil {
			return nil
		}
		for _, content := range [][]byte{packed.manifest, packed.config, packed.layer} {
			if digest.FromBytes(content).String() == wanted {
				return content
			}
		}
		if kind == "/manifests/" && tagged.Tag() == wanted {
			return packed.manifest
		}
	}
	return nil
}

func send(writer http.ResponseWriter, request *http.Request, kind string, content []byte) {
	header := writer.Header()
	header.Set("Content-Type", "application/octet-stream")
	if kind == "/manifests/" {
		header.Set("Content-Type", image.MediaTypeImageManifest)
	}
	header.Set("Docker-Content-Digest", digest.FromBytes(content).String())
	http.ServeContent(writer, request, "", time.Time{}, bytes.NewReader(content))
}

func (r *registry) names() []reference.Named {
	file, err := os.Open(filepath.Join(r.folder, "names"))
	if err != nil {
		return nil
	}
	defer file.Close()
	var names []reference.Named
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if named, err := reference.ParseDockerRef(lines.Text()); err == nil {
			names = append(names, named)
		}
	}
	return names
}

// pack makes the image of a name: each knows its own, so that tests can tell them apart.
func (r *registry) pack(name reference.NamedTagged) (*packed, error) {
	layer, err := r.read()
	if err != nil {
		return nil, err
	}
	config, err := json.Marshal(image.Image{
		Platform: image.Platform{Architecture: runtime.GOARCH, OS: "linux"},
		Config: image.ImageConfig{
			Env: []string{"PATH=/bin", "IMAGE=" + reference.FamiliarString(name)},
			Cmd: []string{"/bin/probe", command(name)},
		},
		RootFS: image.RootFS{Type: "layers", DiffIDs: []digest.Digest{digest.FromBytes(layer)}},
	})
	if err != nil {
		return nil, err
	}
	manifest, err := json.Marshal(image.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2},
		MediaType: image.MediaTypeImageManifest,
		Config:    descriptor(image.MediaTypeImageConfig, config),
		Layers:    []image.Descriptor{descriptor(image.MediaTypeImageLayer, layer)},
	})
	return &packed{manifest, config, layer}, err
}

// command is what an image does by itself: the one that holds a pod's network only sleeps.
func command(name reference.Named) string {
	if path.Base(reference.Path(name)) == "pause" {
		return "pause"
	}
	return "serve"
}

func descriptor(mediaType string, content []byte) image.Descriptor {
	return image.Descriptor{
		MediaType: mediaType,
		Digest:    digest.FromBytes(content),
		Size:      int64(len(content)),
	}
}

// read keeps the layer until its file changes.
func (r *registry) read() ([]byte, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	layer := filepath.Join(r.folder, "image.tar")
	file, err := os.Stat(layer)
	if err != nil {
		return nil, err
	}
	if !file.ModTime().Equal(r.made) {
		if r.layer, err = os.ReadFile(layer); err != nil {
			return nil, err
		}
		r.made = file.ModTime()
	}
	return r.layer, nil
}
