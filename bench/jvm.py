"""Runs the classes of the bench module."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "bench" / "target"


def build():
    """Builds the module. Returns the JDK's folder of programs and the class path."""
    path = TARGET / "classpath"
    maven = [ROOT / "jebena", "maven", "-q", "-Dquick", "-Dmaven.test.skip=true", "-pl", "bench", "-am"]
    subprocess.run([*maven, "package", "dependency:build-classpath", f"-Dmdep.outputFile={path}"],
                   check=True, cwd=ROOT, stdout=sys.stderr)
    about = subprocess.run([ROOT / "jebena", "maven", "-v"], check=True, capture_output=True, text=True).stdout
    programs = pathlib.Path(re.search(r"runtime: (.+)", about).group(1), "bin")
    return programs, f"{TARGET / 'classes'}{os.pathsep}{path.read_text()}"


def run(main, arguments, flags=()):
    programs, class_path = build()
    return subprocess.run([programs / "java", *flags, "-cp", class_path, main, *arguments], cwd=ROOT).returncode


def run_jmh(arguments):
    """Has JMH write its loops around the benchmarks, compiles them, and runs those that the arguments name."""
    programs, class_path = build()
    sources, classes = TARGET / "jmh-sources", TARGET / "jmh-classes"
    for folder in (sources, classes):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    generator = "org.openjdk.jmh.generators.bytecode.JmhBytecodeGenerator"
    subprocess.run([programs / "java", "-cp", class_path, generator, TARGET / "classes", sources, classes],
                   check=True, stdout=sys.stderr)
    path = f"{classes}{os.pathsep}{class_path}"
    subprocess.run([programs / "javac", "-proc:none", "-nowarn", "-cp", path, "-d", classes, *sources.rglob("*.java")],
                   check=True)
    flags = ["--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]
    command = [programs / "java", *flags, "-cp", path, "org.openjdk.jmh.Main", "-jvmArgs", " ".join(flags), *arguments]
    return subprocess.run(command, cwd=ROOT).returncode
