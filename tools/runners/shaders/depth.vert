#version 330
uniform mat4 projection;
in vec3 in_position;
in vec3 in_surface;
out float keep;

void main() {
    keep = in_surface.x;
    gl_Position = projection * vec4(in_position, 1.0);
}
