// Package text holds the words: one file a language.
package text
