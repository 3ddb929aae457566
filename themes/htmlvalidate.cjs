// What html-validate asks of every page: its recommended rules. A rule that is switched off has its reason here.
module.exports = {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The standard accepts both cases; ours is the one that compresses with the rest of the page.
    "doctype-style": "off",
    // Positions of bars on a time line and sizes of drawn names are data. The policy of the site allows styles in
    // attributes and nothing else inline (site_builder/basemap.py); style elements are still refused below.
    "no-inline-style": "off",
    "no-style-tag": "error",
    // A title is that of the record and the name of the site; people give their projects names of 140 letters.
    "long-title": "off",
    // Tables and lists that are laid out as blocks on a phone lose their meaning in some browsers: roles give it back.
    "no-redundant-role": "off",
    // The same roles, and names of lists, are allowed by the standard; "not recommended" is an opinion.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // A wide table scrolls in a named element that the keyboard reaches; a section would add a landmark for each.
    "prefer-native-element": ["error", { exclude: ["region"] }],
  },
};
