#version 330
// Skin and cloth close up: dye, stripes, waistband, folds, weave; opaque where drawn.
uniform vec3 eye;
uniform vec3 light;        // towards the key light
uniform vec3 key_colour;
uniform vec3 sky_colour;
uniform vec3 floor_colour;
uniform sampler2DShadow shadow_map;
uniform sampler3D noise_map;  // repeats every 32 cells
uniform int kind;          // 0 plain, 1 rings, 2 uprights, 3 side stripe, 4 pockets, 5 blotches
uniform vec3 second;
uniform float period;
uniform float phase;
uniform vec2 band;
uniform vec3 band_colour;
uniform float hip_z;

in vec3 world;
in vec3 normal;
in vec3 colour;
in vec3 pattern;
in vec3 surface;
in vec3 lit;
out vec4 pixel;

float noise(vec3 p) {
    return texture(noise_map, p / 32.0 + phase).r;
}

float shadow() {
    if (any(lessThan(lit.xy, vec2(0.0))) || any(greaterThan(lit.xy, vec2(1.0)))) return 1.0;
    return texture(shadow_map, vec3(lit.xy, lit.z - 0.003));
}

vec3 dyed() {
    float outward = abs(pattern.y);
    vec3 place = pattern / period + phase;
    float mark = 0.0;
    if (kind == 1) mark = step(0.55, fract(place.z));
    if (kind == 2) mark = step(0.7, fract(pattern.y / period + phase));
    if (kind == 3) mark = step(0.13, outward) * step(abs(pattern.x - 0.08 * (phase - 0.5)), 0.2 * period + 0.006);
    if (kind == 4) {
        float slant = pattern.x - 0.03 + 0.6 * (pattern.z - hip_z);
        mark = step(abs(slant), 0.0025) * step(0.07, outward) * step(abs(pattern.z - hip_z - 0.02), 0.075);
        mark = max(mark, step(abs(pattern.y), 0.002) * step(hip_z - 0.12, pattern.z));
    }
    if (kind == 5) mark = step(0.5, noise(pattern / period));
    vec3 base = mix(colour, second, mark);
    return pattern.z > band.x && pattern.z < band.y ? band_colour : base;
}

void main() {
    if (surface.x < 0.0) discard;
    vec3 n = normalize(gl_FrontFacing ? normal : -normal);
    vec3 fold = vec3(noise(pattern * vec3(30.0, 30.0, 14.0)), noise(pattern * 23.0 + 9.0), noise(pattern * 47.0)) - 0.5;
    float fine = noise(pattern * 130.0) - 0.5;
    n = normalize(n + surface.y * (1.3 * fold + 0.2 * fine));
    vec3 base = dyed() * (1.0 + surface.y * (0.4 * fold.x + 0.5 * fine));
    vec3 to_eye = normalize(eye - world);
    float direct = max(0.0, (dot(n, light) + 0.12) / 1.12) * shadow();
    vec3 ambient = mix(floor_colour, sky_colour, n.z * 0.5 + 0.5);
    float shine = pow(max(0.0, dot(n, normalize(light + to_eye))), 24.0) * surface.z * direct;
    vec3 radiance = base * (key_colour * direct + ambient) + key_colour * shine;
    radiance = radiance * (1.0 + radiance * 0.15) / (1.0 + radiance * 0.45);
    pixel = vec4(pow(clamp(radiance, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0);
}
