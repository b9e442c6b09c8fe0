/** Environment variables that are not those of flags, by what they are for. `spacectl help environment` and docs list them. */
export const OTHER_VARIABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Spacelift's own, for credentials": {
    SPACELIFT_API_KEY_ENDPOINT:
      'Address of the account, for an API key or a GitHub token; SPACELIFT_API_ENDPOINT is its old name',
    SPACELIFT_API_KEY_ID: 'ID of an API key',
    SPACELIFT_API_KEY_SECRET: 'Secret of the API key',
    SPACELIFT_API_GITHUB_TOKEN: 'GitHub token to log in with',
    SPACELIFT_API_TOKEN: 'API token, which names the account',
    SPACELIFT_API_PREFERRED_METHOD: 'Which of them to use, if several are set: token, github or apikey',
    SPACELIFT_PROFILE: 'Profile to use instead of them',
    SPACELIFT_CONFIG_DIR: 'Where profiles are, instead of ~/.spacelift',
    SPACELIFT_API_TLS_CA: 'PEM file of the CA certificates that alone are trusted for the API',
    SPACELIFT_API_TLS_CERT: 'PEM file of a client certificate for the API',
    SPACELIFT_API_TLS_KEY: 'PEM file of its private key',
  },
  Network: {
    HTTPS_PROXY: 'Proxy for HTTPS; the names of proxies may be lower case too',
    HTTP_PROXY: 'Proxy for plain HTTP',
    ALL_PROXY: 'Proxy where neither is set',
    NO_PROXY: 'Hosts, domains and networks that are reached without a proxy',
    SSL_CERT_FILE: "PEM file of CA certificates to trust besides Node's",
    SSL_CERT_DIR: 'Directories of CA certificates to trust as well, separated by colons',
    NODE_EXTRA_CA_CERTS: 'PEM file of CA certificates that Node trusts as well',
  },
  'Images and clouds': {
    DOCKER_AUTH_CONFIG: 'Logins to registries, as JSON like that of config.json',
    DOCKER_CONFIG: "Directory of Docker's config.json, instead of ~/.docker",
    REGISTRY_AUTH_FILE: "Podman's auth.json, tried after Docker's",
    TF_DATA_DIR: 'Directory that Terraform keeps its data in, for deploy',
    DOCKER_HOST: 'Address of the container engine, for docker and host doctor',
    AWS_PROFILE: 'Credentials for EC2, as the AWS CLI finds them; AWS_REGION and the others too',
  },
  'Terminal and output': {
    NO_COLOR: 'If not empty, no colors',
    SPACECTL_PLAIN: 'If 1, the cursor is never moved, as with --plain; TERM=dumb does the same',
    CI: 'If true, nothing is asked, and no live lists are shown',
    MSYSTEM: "Set by Git's bash on Windows: commands are then printed for it, not for PowerShell",
    DEBUG: 'If spacectl, errors show where they happened, and their causes',
  },
  Directories: {
    XDG_CACHE_HOME: 'Where the cache is, instead of ~/.cache',
    XDG_STATE_HOME: 'Where it is kept which launcher was seen last, instead of ~/.local/state',
    LOCALAPPDATA: 'Where both are on Windows',
    XDG_CONFIG_HOME: "Where Podman's logins are, instead of ~/.config",
    XDG_RUNTIME_DIR: "Where Podman's logins are first looked for",
    SUDO_UID: 'User whose directories root may work in, besides its own; sudo sets it',
  },
};
