package upstream

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/protocol"
)

// Provisioner gets keys from a Gateway: it is a credentials.Rotator.
type Provisioner struct {
	Client  *http.Client
	URL     string        // of the gateway
	Keys    int           // for each job; 0 is one
	Rotates time.Duration // until a key is rotated; 0 is never

	keys atomic.Int64
}

// Issue mints one key, or several. Its handles are reserved.
func (p *Provisioner) Issue(ctx context.Context, request credentials.Request) ([]credentials.Issued, error) {
	var issued []credentials.Issued
	for n := range max(p.Keys, 1) {
		one, err := p.mint(ctx, request, fmt.Sprintf("cred_%d", n+1))
		if err != nil {
			return issued, err
		}
		issued = append(issued, one)
	}
	return issued, nil
}

// Rotate mints another key in place of one.
func (p *Provisioner) Rotate(ctx context.Context, rotation credentials.Rotation) (credentials.Issued, error) {
	return p.mint(ctx, rotation.Request, rotation.ID)
}

func (p *Provisioner) mint(ctx context.Context, request credentials.Request, id string) (credentials.Issued, error) {
	asked := order{Name: fmt.Sprintf("%s-%d", request.JobID, p.keys.Add(1)), Constraints: request.Constraints()}
	if err := request.Reserve(asked.Name); err != nil {
		return credentials.Issued{}, err
	}
	body, _ := json.Marshal(asked)
	text, err := p.do(ctx, http.MethodPost, "/keys", body)
	if err != nil {
		return credentials.Issued{}, err
	}
	var minted struct{ Value string }
	if err := json.Unmarshal(text, &minted); err != nil {
		return credentials.Issued{}, err
	}
	issued := credentials.Issued{Handle: asked.Name, Credential: protocol.Credential{
		ID: id, Scheme: "bearer", Value: minted.Value, Endpoint: p.URL + "/v1", Profile: "generic",
		Constraints: asked.Constraints.JSON(),
	}}
	if p.Rotates > 0 {
		issued.RotateAt = time.Now().Add(p.Rotates)
	}
	return issued, nil
}

// Revoke deletes a key.
func (p *Provisioner) Revoke(ctx context.Context, handle string) error {
	_, err := p.do(ctx, http.MethodDelete, "/keys/"+handle, nil)
	return err
}

func (p *Provisioner) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, p.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	text, status, err := send(p.Client, r)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("upstream: %s", http.StatusText(status))
	}
	return text, err
}

func send(client *http.Client, r *http.Request) ([]byte, int, error) {
	answer, err := client.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return text, answer.StatusCode, err
}
