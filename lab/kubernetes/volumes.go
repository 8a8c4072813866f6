package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
)

// provisioner is the name of ours in storage classes.
const provisioner = "tranship.dev/lab"

// provisionedBy is the annotation the controllers put on a claim that waits for a provisioner.
const provisionedBy = "volume.kubernetes.io/storage-provisioner"

// volumes makes a folder of this machine for each claim of our storage class. All nodes are on
// one machine, so that any number of them may share a volume: every access mode holds.
type volumes struct {
	client   kubernetes.Interface
	claims   listers.PersistentVolumeClaimLister
	existing listers.PersistentVolumeLister
	folder   string
}

func (v *volumes) look(context context.Context) error {
	claims, err := v.claims.List(labels.Everything())
	if err != nil {
		return err
	}
	existing, err := v.existing.List(labels.Everything())
	if err != nil {
		return err
	}
	var failed []error
	for _, claim := range claims {
		if claim.Annotations[provisionedBy] == provisioner && claim.Spec.VolumeName == "" {
			failed = append(failed, v.create(context, claim))
		}
	}
	for _, volume := range existing {
		if volume.Annotations[provisionedBy] == provisioner && isReleased(volume) {
			failed = append(failed, v.remove(context, volume))
		}
	}
	return errors.Join(failed...)
}

func isReleased(volume *core.PersistentVolume) bool {
	deletes := volume.Spec.PersistentVolumeReclaimPolicy == core.PersistentVolumeReclaimDelete
	return deletes && volume.Status.Phase == core.VolumeReleased
}

func (v *volumes) create(context context.Context, claim *core.PersistentVolumeClaim) error {
	name := "pvc-" + string(claim.UID)
	if _, err := v.existing.Get(name); err == nil {
		return nil
	}
	folder := filepath.Join(v.folder, name)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	// As local volumes of clusters are: any user of a container may write. The mode given when
	// it is made passes through the umask.
	if err := os.Chmod(folder, 0o777); err != nil {
		return err
	}
	volume := volumeFor(claim, name, folder)
	_, err := v.client.CoreV1().PersistentVolumes().Create(context, volume, meta.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

func volumeFor(claim *core.PersistentVolumeClaim, name, folder string) *core.PersistentVolume {
	class := ""
	if claim.Spec.StorageClassName != nil {
		class = *claim.Spec.StorageClassName
	}
	return &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{
			Name:        name,
			Annotations: map[string]string{provisionedBy: provisioner},
		},
		Spec: core.PersistentVolumeSpec{
			AccessModes: claim.Spec.AccessModes,
			Capacity: core.ResourceList{
				core.ResourceStorage: claim.Spec.Resources.Requests[core.ResourceStorage],
			},
			ClaimRef: &core.ObjectReference{
				APIVersion:      "v1",
				Kind:            "PersistentVolumeClaim",
				Namespace:       claim.Namespace,
				Name:            claim.Name,
				UID:             claim.UID,
				ResourceVersion: claim.ResourceVersion,
			},
			PersistentVolumeReclaimPolicy: core.PersistentVolumeReclaimDelete,
			PersistentVolumeSource: core.PersistentVolumeSource{
				HostPath: &core.HostPathVolumeSource{Path: folder},
			},
			StorageClassName: class,
			VolumeMode:       claim.Spec.VolumeMode,
		},
	}
}

func (v *volumes) remove(context context.Context, volume *core.PersistentVolume) error {
	if err := os.RemoveAll(filepath.Join(v.folder, volume.Name)); err != nil {
		return err
	}
	volumes := v.client.CoreV1().PersistentVolumes()
	err := volumes.Delete(context, volume.Name, meta.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
