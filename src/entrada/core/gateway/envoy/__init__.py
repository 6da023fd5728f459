"""The gateway as Envoy's configuration: which requests it may serve alone, each exactly as `decide` would.  Design 7.

Envoy carries what it has positively verified.  A route to a backend, or an answer, exists only for requests that
satisfy every condition of a policy in a form that Envoy and `decide` read alike; everything else, refusals with their
reasons included, goes to the Python proxy, which decides again from the start.  So a check that Envoy lacks costs
speed, never safety, and no order of Envoy's checks has to be that of `decide`.
"""
