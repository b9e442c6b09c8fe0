/** Spacelift's community gallery on Azure (spacelift-worker-image, build_scheduled.yml@533e586). */
export const SPACELIFT_GALLERY = 'spacelift-40913cda-9bf9-4bcb-bf90-78fd83f30079';

/** The newest image of the line that Spacelift builds: Ubuntu 24.04. */
export const SPACELIFT_AZURE_IMAGE = `/communityGalleries/${SPACELIFT_GALLERY}/images/spacelift_worker_image_ubu_lts/versions/latest`;
