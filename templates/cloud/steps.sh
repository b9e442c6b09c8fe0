# Everything else is one process that ends at the first command that fails, and then the launcher does not start. bash
# reads it from descriptor 3, so that no command can read it from its input.
#?store spacectl_ca_source="$spacectl_ca_source" bash -e -o pipefail /dev/fd/3 3<<'SPACECTL' || @stop@
#?!store bash -e -o pipefail /dev/fd/3 3<<'SPACECTL' || @stop@
unset SPACELIFT_TOKEN SPACELIFT_POOL_PRIVATE_KEY
@steps@
SPACECTL
