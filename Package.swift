// swift-tools-version: 6.2
import PackageDescription

// The dependency list below is the architecture: a module may import what its line names, and nothing else compiles.
// Sources/README.md draws it.
let package = Package(
  name: "daypass",
  dependencies: [
    // The command line: parsing, help, and the description of it that manual pages and completions are tested against.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // HTTP on loopback: of the credential server, which is a program of its own, and of the tests' AWS double.
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    // Tests and `make demo` only: SHA and HMAC for the double, which must not judge signatures with our own OpenSSL code.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: modules + testedAlone + (isCheck ? [] : testedWhole),
  swiftLanguageModes: [.v6]
)

/// Set by `make check`, which leaves out the tests that need a keyring, shells or real clients.
var isCheck: Bool { Context.environment["DAYPASS_CHECK"] != nil }

var modules: [Target] {
  [
    cLibrary("CLinux"),
    cLibrary("CLibsecret", "CLinux"),
    cLibrary("CCurl", "CLinux"),
    cLibrary("COpenSSL", "CLinux"),
    cLibrary("CExpat", "CLinux"),
    cLibrary("CQRencode", "CLinux"),

    module("Secrets", "CLinux"),
    module("AWSValues"),
    module("POSIX", "CLinux"),
    module("Processes", "Secrets", "POSIX", "CLinux"),
    module("Prompts", "Processes", "Secrets", "POSIX"),
    module("Profiles", "AWSValues", "POSIX", "Secrets"),
    module("HTTP", "POSIX", "Secrets", "CCurl", "CLinux"),
    module("Hashing", "POSIX", "Secrets", "COpenSSL", "CLinux"),
    module("Keyring", "POSIX", "Secrets", "CLibsecret", "CLinux"),
    module("SigV4", "AWSValues", "Secrets", "HTTP", "Hashing"),
    module("AWSServices", "AWSValues", "POSIX", "Secrets", "HTTP", "Hashing", "SigV4", "CExpat"),
    module(
      "Sessions", "AWSValues", "Secrets", "POSIX", "Processes", "Prompts", "Hashing", "HTTP", "Profiles", "Keyring",
      "AWSServices"),
    module("Delivery", "AWSValues", "Secrets", "POSIX", "CLinux"),
    module("TerminalIO", "AWSValues", "Secrets", "POSIX", "Delivery", "CLinux"),
    module("QRCodes", "AWSValues", "POSIX", "Secrets", "CQRencode"),
    module("Scenarios", "AWSValues", "Secrets", "AWSServices"),
    module("Browser", "AWSValues", "Secrets", "POSIX", "Processes", "HTTP", "Hashing"),
    module(
      "Server", "AWSValues", "Secrets", "POSIX", "Processes", "Delivery", "TerminalIO", "CLinux",
      .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio")),
    .executableTarget(
      name: "daypass-server", dependencies: ["Server", "TerminalIO", "Delivery"], swiftSettings: strict(),
      linkerSettings: linking()),
    .executableTarget(
      name: "daypass",
      dependencies: [
        "AWSValues", "Secrets", "POSIX", "Hashing", "Profiles", "Keyring", "HTTP", "AWSServices",
        "Sessions", "Delivery", "TerminalIO", "Browser", "Processes", "Prompts", "QRCodes", "Scenarios",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: shellCode(), swiftSettings: strict(),
      linkerSettings: linking()),
  ]
}

/// Tests that need nothing but this package, and what they use.
var testedAlone: [Target] {
  [
    .target(name: "CTestSupport", path: "Tests/CTestSupport", cSettings: [.define("_GNU_SOURCE")]),
    .target(
      name: "TestSupport", dependencies: ["CLinux", "CTestSupport", "HTTP", "Secrets"], path: "Tests/TestSupport",
      exclude: ["Keyring"], swiftSettings: testing()),
    .testTarget(
      name: "TestSupportTests", dependencies: ["TestSupport"], path: "Tests/TestSupportTests",
      swiftSettings: testing()),
    .target(
      name: "AWSDouble",
      dependencies: [
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      path: "Tests/AWSDouble", swiftSettings: testing()),
    .executableTarget(
      name: "aws-double",
      dependencies: ["AWSDouble", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Tests/AWSDoubleServer", swiftSettings: testing()),
    tests(of: "AWSDouble", "aws-double"),
    tests(of: "Secrets"),
    tests(of: "AWSValues"),
    tests(of: "POSIX"),
    tests(of: "Processes", "Secrets"),
    tests(of: "Prompts", "POSIX", "Processes", "Secrets"),
    tests(of: "Profiles", "AWSValues", "POSIX"),
    tests(of: "HTTP", "Secrets", "CTestSupport", "Probe"),
    tests(of: "Hashing", "Secrets"),
    tests(of: "SigV4", "Secrets", "HTTP", "Hashing"),
    tests(of: "AWSServices", "AWSDouble", "AWSValues", "Secrets", "HTTP", "Hashing", "SigV4"),
    tests(
      of: "Sessions", "AWSDouble", "Hashing", "AWSValues", "Secrets", "Processes", "Prompts", "Profiles", "Keyring",
      "HTTP",
      "AWSServices"),
    tests(of: "Delivery", "Secrets", "CLinux", "Probe"),
    tests(of: "Server", "Delivery", "POSIX", "Secrets"),
    tests(of: "TerminalIO", "Delivery", "CLinux", "Probe"),
    tests(of: "QRCodes", "Secrets", "Probe"),
    tests(of: "Browser", "Secrets", "HTTP", "Hashing", "Processes"),
    tests(of: "Scenarios", "AWSDouble", "AWSValues", "Secrets", "HTTP", "AWSServices"),
    .testTarget(
      name: "DaypassTests",
      dependencies: [
        "daypass", "AWSDouble", "AWSServices", "AWSValues", "Browser", "TerminalIO", "Delivery", "HTTP", "Hashing",
        "Keyring",
        "Processes", "Profiles", "Prompts", "QRCodes", "Scenarios", "Secrets", "Sessions", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: testing()),
    // Runs pieces of daypass that need a process, or a terminal, of their own.
    .executableTarget(
      name: "Probe", dependencies: ["CLinux", "CTestSupport", "TerminalIO", "Delivery", "HTTP", "QRCodes", "Secrets"],
      path: "Tests/Probe", swiftSettings: testing()),
    fuzzing(),
  ]
}

/// Tests of the whole program and of the keyring, which need other programs.
var testedWhole: [Target] {
  [
    // libsecret knows one session bus a process, so tests ask the keyring in processes of their own.
    .executableTarget(
      name: "KeyringProcess", dependencies: ["Keyring", "Secrets", "TestSupport"], path: "Tests/KeyringProcess",
      swiftSettings: testing()),
    tests(of: "Keyring", "POSIX", "Secrets", "CLinux", "KeyringProcess"),
    // Real clients and independent judges: boto3, the AWS CLI and moto, from the Python environment of `.ci/setup`.
    .testTarget(
      name: "ClientTests",
      dependencies: [
        "daypass", "daypass-server", "AWSDouble", "AWSServices", "AWSValues", "Delivery", "HTTP", "Secrets", "SigV4",
        "TestSupport",
      ],
      exclude: ["Go", "Python"], swiftSettings: testing()),
    // Manual pages and completions, held against the binary's own description of its command line.
    .testTarget(
      name: "ManualTests",
      dependencies: ["daypass", "AWSServices", "AWSValues", "Delivery", "Profiles", "Sessions", "TestSupport"],
      exclude: ["Shells"], swiftSettings: testing()),
    // Servers that misbehave, and the whole program meeting them.
    .testTarget(
      name: "HostileServerTests",
      dependencies: ["daypass", "AWSDouble", "AWSValues", "Secrets", "HTTP", "AWSServices", "TestSupport"],
      swiftSettings: testing()),
    // The built binary, end to end; Cases has a transcript per case.
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "daypass", "daypass-server", "AWSDouble", "Keyring", "KeyringProcess", "Probe", "Secrets", "Sessions",
        "TestSupport",
      ],
      exclude: ["Cases", "intruder.py", "memory.py"], swiftSettings: testing()),
  ]
}

/// libsecret is opened on first use, so the package takes headers only; SwiftPM's `pkgConfig:` would link it as well, which
/// costs every start 2 ms.
func libsecretHeaders() -> [String] {
  let multiarch = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
  return ["/usr/include/libsecret-1", "/usr/include/glib-2.0"] + multiarch.map { $0 + "/glib-2.0/include" }
}

/// What `init` prints is in the program, so that it needs no file beside it.
func shellCode() -> [Resource] {
  ["bash", "zsh", "fish"].flatMap { [.embedInCode("Shells/init.\($0)"), .embedInCode("Shells/completions.\($0)")] }
}

func linking() -> [LinkerSetting] {
  [.unsafeFlags(fewRelocations() + readOnlyRelocations() + staticRuntimeOfCxx() + noCrashReporter())]
}

/// Swift's own lld packs the addresses to be fixed up before main, which glibc 2.36 reads, and leaves out the names of what
/// nobody looks up: 1.6 MB less to read at every start, which takes 0.5 ms less.
func fewRelocations() -> [String] {
  ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic"]
}

/// Swift's runtime, if it is linked statically, takes a crash reporter called swift-backtrace from the working folder.
func noCrashReporter() -> [String] { ["-Xlinker", "--wrap=swift_copyAuxiliaryExecutablePath"] }

func readOnlyRelocations() -> [String] { ["-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now"] }

/// Swift's runtime needs libstdc++ and libgcc, whose relocation costs every start 0.5 ms; the Makefile puts the archive of
/// the first where this finds it before the shared library, where there is one.
func staticRuntimeOfCxx() -> [String] {
  ["-L", Context.packageDirectory + "/.build/archives", "-Xclang-linker", "-static-libgcc"]
}

func strict() -> [SwiftSetting] {
  [
    .strictMemorySafety(), .treatAllWarnings(as: .error),
    .unsafeFlags(libsecretHeaders().flatMap { ["-Xcc", "-I" + $0] }),
  ]
}

func testing() -> [SwiftSetting] {
  [.treatAllWarnings(as: .error), .unsafeFlags(libsecretHeaders().flatMap { ["-Xcc", "-I" + $0] })]
}

/// Headers and typed shims of a C library, without logic.
func cLibrary(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  let hardening = [
    "-Wall", "-Wextra", "-Werror", "-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-O1",
  ]
  return .target(
    name: name, dependencies: dependencies,
    cSettings: [.define("_GNU_SOURCE"), .unsafeFlags(hardening + libsecretHeaders().map { "-isystem" + $0 })])
}

func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  // The only module with a page of its own.
  .target(
    name: name, dependencies: dependencies, exclude: name == "Keyring" ? ["README.md"] : [], swiftSettings: strict())
}

func tests(of name: String, _ dependencies: Target.Dependency...) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies, swiftSettings: testing())
}

/// The fuzz targets: a test that gives each its corpus and some mutations of it, or, where DAYPASS_FUZZ is set, the
/// program that `make fuzz` runs, which needs libFuzzer. `DAYPASS_FUZZ=planted` puts a bug into each.
///
/// No program can be linked into another, so the file of daypass that is fuzzed is compiled with them (KeyInput).
func fuzzing() -> Target {
  let modules: [Target.Dependency] = [
    "AWSValues", "Secrets", "POSIX", "Hashing", "Profiles", "Keyring", "HTTP", "AWSServices", "Sessions", "Delivery",
    "Browser", "TerminalIO",
  ]
  guard let wish = Context.environment["DAYPASS_FUZZ"] else {
    return .testTarget(
      name: "FuzzTests", dependencies: modules, path: "Tests/Fuzz", exclude: ["Corpus", "Driver", "run", "run-target"],
      swiftSettings: testing())
  }
  let defines: [SwiftSetting] = wish == "planted" ? [.define("PLANTED")] : []
  return .executableTarget(
    name: "fuzz", dependencies: modules, path: "Tests/Fuzz", exclude: ["Corpus", "ShortPass", "run", "run-target"],
    swiftSettings: testing() + defines)
}
