package credentials_test

import (
	"context"
	"fmt"

	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/protocol"
)

// vault is an upstream that lets its client choose the names of keys.
type vault struct{ keys map[string]string }

func (v *vault) Issue(_ context.Context, r credentials.Request) ([]credentials.Issued, error) {
	name := "key-of-" + string(r.JobID)
	if err := r.Reserve(name); err != nil { // from now on it will be revoked, whatever happens
		return nil, err
	}
	v.keys[name] = "sk-virt-" + string(r.JobID)
	return []credentials.Issued{{Handle: name, Credential: protocol.Credential{
		ID: "cred_1", Scheme: "bearer", Value: v.keys[name], Endpoint: "https://gateway.example/v1",
		Constraints: r.Constraints().JSON(),
	}}}, nil
}

func (v *vault) Revoke(_ context.Context, handle string) error {
	delete(v.keys, handle)
	return nil
}

func Example() {
	upstream := &vault{keys: map[string]string{}}
	issuer, err := credentials.New(&credentials.Config{Provisioner: upstream, Ledger: &credentials.Memory{}})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	issued, err := issuer.Issue(ctx, credentials.Request{JobID: "job_1", Lease: protocol.Lease{"model.use": {"tier-fast/*"}}})
	fmt.Println(issued[0].Credential, string(issued[0].Credential.Constraints), err)
	issuer.Revoke(issued[0].Handle)
	fmt.Println(issuer.Close(ctx), len(upstream.keys))
	// Output:
	// credential cred_1 (bearer at https://gateway.example/v1) {"model.use":["tier-fast/*"]} <nil>
	// <nil> 0
}
