import Profiles
import Testing

struct NearestNamesTests {
  @Test(arguments: [
    ("prdo", ["prod"]), ("porduction", ["production"]), ("PROD", ["prod", "production"]),
    ("prod", ["prod", "production"]),
    ("pro", ["prod", "production"]), ("staging", []), ("x", []), ("tst", ["test"]), ("", []), ("deafult", ["default"]),
    ("test-a", ["test", "test-eu"]),
  ])
  func `names near a mistyped one come nearest first`(mistyped: String, names: [String]) throws {
    let profiles = try ProfileSet(
      config: "[default]\n[profile prod]\n[profile production]\n[profile test]\n[profile test-eu]")
    #expect(profiles.names(near: mistyped) == names)
  }

  @Test func `three names are enough`() throws {
    let profiles = try ProfileSet(credentials: "[a1]\n[a2]\n[a3]\n[a4]")
    #expect(profiles.names(near: "a5") == ["a1", "a2", "a3"])
  }
}
