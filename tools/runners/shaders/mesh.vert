#version 330
// One vertex format for runner, treadmill and room.
uniform mat4 view_projection;
uniform mat4 light_projection;
uniform vec2 bend;     // width / height of the picture, radial distortion
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
    vec4 straight = view_projection * vec4(in_position, 1.0);
    vec2 half_heights = straight.xy / straight.w * vec2(bend.x, 1.0);
    float radius2 = straight.w > 0.0 ? min(dot(half_heights, half_heights), 4.0) : 0.0;
    gl_Position = vec4(straight.xy * (1.0 + bend.y * radius2), straight.zw);
}
