# Sets JAVA_HOME, flags and class_path for a benchmark in Java; $root is the repository.
class_path_file="$root/benchmarks/target/class-path.txt"
if [ ! -f "$root/target/built" ] || [ ! -f "$class_path_file" ]; then
  echo "benchmarks: build the repository first: ./nestor archive --help" >&2
  exit 3
fi
feature() { sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2> /dev/null || true; }
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.jdks/* "$HOME"/.sdkman/candidates/java/* /opt/*jdk*; do
  found=$(feature "$candidate")
  if [ -n "$found" ] && [ "$found" -ge 25 ]; then
    JAVA_HOME=$candidate
    break
  fi
done
flags='--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow'
class_path="$root/benchmarks/target/classes:$(cat "$class_path_file")"
