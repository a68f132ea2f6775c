#version 330
uniform mat4 light_projection;
in vec3 in_position;
in vec3 in_surface;
out float keep;

void main() {
    keep = in_surface.x;
    gl_Position = light_projection * vec4(in_position, 1.0);
}
