#version 330
// Daylight from one side with a shadow map, sky and floor light, a weak highlight.
uniform vec3 eye;
uniform vec3 light;        // towards the key light
uniform vec3 key_colour;
uniform vec3 sky_colour;
uniform vec3 floor_colour;
uniform sampler2DShadow shadow_map;
uniform sampler3D noise_map;  // repeats every 32 cells
uniform float shadow_on;

in vec3 world;
in vec3 normal;
in vec3 colour;
in vec3 pattern;
in vec3 surface;
in vec3 lit;
out vec4 pixel;

float noise(vec3 p) {
    return texture(noise_map, p / 32.0).r;
}

float shadow() {
    if (shadow_on < 0.5 || any(lessThan(lit.xy, vec2(0.0))) || any(greaterThan(lit.xy, vec2(1.0)))) return 1.0;
    return texture(shadow_map, vec3(lit.xy, lit.z - 0.003));
}

void main() {
    if (surface.x < 0.0) discard;
    vec3 n = normalize(gl_FrontFacing ? normal : -normal);
    float coarse = noise(pattern * 22.0) - 0.5;
    float fine = noise(pattern * 130.0) - 0.5;
    n = normalize(n + surface.y * 0.35 * vec3(coarse, 0.4 * fine - 0.6 * coarse, 0.4 * fine));
    vec3 base = colour * (1.0 + surface.y * (0.5 * coarse + 0.7 * fine));
    vec3 to_eye = normalize(eye - world);
    float facing = dot(n, light);
    float direct = max(0.0, (facing + 0.12) / 1.12) * shadow();
    vec3 ambient = mix(floor_colour, sky_colour, n.z * 0.5 + 0.5);
    float low = mix(0.6, 1.0, clamp(world.z / 0.5 + 0.35, 0.0, 1.0));
    float shine = pow(max(0.0, dot(n, normalize(light + to_eye))), 24.0) * surface.z * direct;
    float rim = pow(1.0 - max(0.0, dot(n, to_eye)), 4.0) * 0.06;
    vec3 radiance = base * (key_colour * direct + ambient * low) + key_colour * shine + ambient * rim * surface.z * 6.0;
    radiance = radiance * (1.0 + radiance * 0.15) / (1.0 + radiance * 0.45);
    pixel = vec4(pow(clamp(radiance, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0);
}
