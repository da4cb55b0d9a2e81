import AWSDouble
import Foundation
import Glibc
import TestSupport
import Testing

/// The lines for containers in daypass-recipes(7), read from the page and run by podman.
@Suite(
  .keyring, .enabled(if: Podman.runs, "podman, runc and busybox-static are not installed, or run no container here"))
struct ContainerRecipeTests {
  private let scene: Scene

  init() throws {
    scene = try Scene(config: "[profile prod]\nregion = eu-west-1\n", on: BorrowedKeyring())
    try scene.storeKey(of: "bob", as: "prod")
    try Podman.prepare(in: scene)
  }

  @Test func `a container gets credentials by environment, and no secret is an argument`() throws {
    let recipe = try #require(try Recipes.blocks(under: "Through the environment").first)
    let outcome = try scene.run(filled(recipe, "env"))
    let variables = outcome.outputText.split(separator: "\n")
    let given = variables.filter { $0.hasPrefix("AWS_") }.map { String($0.prefix { $0 != "=" }) }.sorted()
    #expect(given == ["AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
    let arguments = try scene.scratch.text(of: "home/arguments")
    for variable in variables where variable.hasPrefix("AWS_") && !variable.hasPrefix("AWS_REGION=") {
      #expect(!arguments.contains(variable.drop { $0 != "=" }.dropFirst()))
    }
  }

  @Test func `a container that shares the host's network is served, unless it runs as somebody else`() throws {
    let recipe = try #require(try Recipes.blocks(under: "From a server").first)
    let ask =
      #"sh -c 'wget -qO- --header "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" "#
      + #""$AWS_CONTAINER_CREDENTIALS_FULL_URI" 2>&1'"#
    #expect(try scene.run(filled(recipe, ask)).outputText.contains("\"Code\": \"Success\""))
    let other = recipe.replacing("IMAGE", with: "--user 65533 IMAGE")
    #expect(try scene.run(filled(other, ask)).outputText.contains("403"))
    #expect(scene.actions == ["GetSessionToken"])
  }

  private func filled(_ recipe: String, _ command: String) -> String {
    recipe.replacing("IMAGE", with: Podman.image).replacing("COMMAND\n", with: command + "\n")
  }
}

// MARK: - Podman

/// podman in the place of docker, with a store of its own and an image that has busybox alone.
private enum Podman {
  static let image = "busybox-of-test"

  /// Whether root may run containers here, which a container may forbid.
  static let runs: Bool = {
    guard geteuid() == 0, Installed.has("podman", "runc"),
      FileManager.default.isExecutableFile(atPath: "/bin/busybox")
    else { return false }
    let scratch = ScratchFolder()
    scratch.write(docker(in: scratch.path), to: "docker", mode: 0o700)
    let script = "cd '\(scratch.path)' && \(makingImage(in: scratch.path)) && ./docker run --rm \(image) env"
    do {
      let outcome = try Launch("/bin/sh", ["-c", script]).run(within: 300)
      if outcome.status != .exited(0) { print("podman runs no container here: \(outcome.errorText)") }
      return outcome.status == .exited(0)
    } catch {
      return false
    }
  }()

  static func prepare(in scene: Scene) throws {
    scene.scratch.write(docker(in: scene.home), to: "bin/docker", mode: 0o700)
    try scene.prepare(makingImage(in: scene.home))
  }

  private static func options(_ folder: String) -> String {
    "--root '\(folder)/store' --runroot '\(folder)/run' --storage-driver vfs --runtime runc"
  }

  /// A script that is called as docker is.
  private static func docker(in folder: String) -> String {
    // A machine where root may not raise limits refuses podman's own.
    let limits = "--ulimit nofile=1024:1024 --ulimit nproc=1024:1024"
    return """
      #!/bin/sh
      echo "$@" >>'\(folder)/arguments'
      command=$1; shift
      # Other networks need programs that change the machine's.
      case "$*" in *--network*) ;; *) set -- --network none "$@" ;; esac
      exec podman \(options(folder)) $command \(limits) "$@"

      """
  }

  private static func makingImage(in folder: String) -> String {
    """
    mkdir -p image/bin image/tmp && cp /bin/busybox image/bin && for name in sh env wget; do ln -s busybox image/bin/$name; done
    tar -C image -c . | podman \(options(folder)) import - \(image) 2>&1
    """
  }
}
