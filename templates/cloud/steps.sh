# Everything else is one process that ends at the first command that fails; then the launcher is not started. It is read
# from a descriptor of its own, so that no command can read it as its input.
#?store spacectl_ca_source="$spacectl_ca_source" bash -e -o pipefail /dev/fd/3 3<<'SPACECTL' || @stop@
#?!store bash -e -o pipefail /dev/fd/3 3<<'SPACECTL' || @stop@
unset SPACELIFT_TOKEN SPACELIFT_POOL_PRIVATE_KEY
@steps@
SPACECTL
