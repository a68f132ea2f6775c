#version 330
invariant gl_Position;  // both passes must agree to the bit
// One vertex format for runner, treadmill and room.
uniform mat4 view_projection;
uniform mat4 light_projection;
uniform float scroll;  // how far the belt has moved, metres

in vec3 in_position;
in vec3 in_normal;
in vec3 in_colour;
in vec3 in_pattern;  // rest position: the fine pattern sticks to the cloth
in vec3 in_surface;  // keep, grain, gloss

out vec3 world;
out vec3 normal;
out vec3 colour;
out vec3 pattern;
out vec3 surface;
out vec3 lit;

void main() {
    world = in_position;
    normal = in_normal;
    colour = in_colour;
    pattern = in_pattern + vec3(scroll, 0.0, 0.0);
    surface = in_surface;
    lit = (light_projection * vec4(in_position, 1.0)).xyz * 0.5 + 0.5;
    gl_Position = view_projection * vec4(in_position, 1.0);
}
