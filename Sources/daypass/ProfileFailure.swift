/// An error, and the profile that its hint is to name.
struct ProfileFailure: Explainable {
  let error: any Explainable
  let profile: String

  var explanation: Explanation { error.explanation.naming(profile) }
}
