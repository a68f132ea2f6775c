#version 330
in float keep;

void main() {
    if (keep < 0.0) discard;
}
