import * as v from 'valibot';
import { listOf, number, text } from './document.ts';

// Blocks of a resource are lists, also where there can be only one.
const block = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  listOf(v.fallback(v.optional(v.object(entries)), undefined));

const specification = block({ launch_template_id: text, launch_template_name: text, version: text });

/**
 * The attributes of resources that name machine images, as the providers write them into a state
 * (hashicorp/terraform-provider-aws, internal/service/autoscaling/group.go@00a919d and
 * internal/service/ec2/ec2_launch_template.go@c49358f, which reads the latest version; for Azure and Google Cloud, the
 * providers' documentation of azurerm_linux_virtual_machine_scale_set, google_compute_instance_template and
 * google_compute_instance).
 */
export const attributes = v.object({
  id: text,
  arn: text,
  name: text,
  architecture: text,
  owner_id: text,
  state: text,
  creation_date: text,
  deprecation_time: text,
  image_id: text,
  ami: text,
  latest_version: number,
  default_version: number,
  launch_configuration: text,
  launch_template: block({ id: text, name: text, version: text }),
  mixed_instances_policy: block({
    launch_template: block({
      launch_template_specification: specification,
      override: block({ image_id: text, launch_template_specification: specification }),
    }),
  }),
  source_image_id: text,
  disk: block({ source_image: text }),
  boot_disk: block({ initialize_params: block({ image: text }) }),
});

export type Attributes = v.InferOutput<typeof attributes>;
