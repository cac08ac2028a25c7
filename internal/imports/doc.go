// Package imports is the import graph of the module, held by its test. It has no code of its own, and knows nothing of
// the packages but their names.
//
//	protocol   budget             values: no lock, no clock, no I/O, no randomness of their own
//	    \      /    \
//	     \    /     lease
//	      \  /        |
//	  actors/session  actors/job  machines: as pure as the values, and unknown to one another; so is actors/registry
//	        \         /
//	          actors              the only one that knows the machines, the engine, transport and auth
//	            |
//	          agents
//	            |
//	           cmd                may know all, the suite too
//
// The suite (conformance) knows nothing of the rest: it judges the wire with eyes of its own. Only
// conformance/embedded, which starts the runtime, may know it.
package imports
