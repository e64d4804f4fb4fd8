"""Pictures of the shipped designs: painted tips and lips, powder, strokes and hair, drawn from swatch and material.

Plain finishes are painted by the renderers that paint customers' photos (`models.render.sample`); what those cannot
draw yet is drawn here, from the same material parameters, so that no design is without a picture.
"""
