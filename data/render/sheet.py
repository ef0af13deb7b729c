"""Contact sheets."""

from PIL import Image, ImageDraw

SAMPLE_COLUMNS = 8
CAPTION = 12  # pixels under each picture
MASK_EDGE = (255, 0, 255)


def labelled(entries, path, columns=SAMPLE_COLUMNS):
    """Sheet of pictures [(values (H, W, 3) uint8, caption)] as a PNG."""
    height, width = entries[0][0].shape[:2]
    rows = -(-len(entries) // columns)
    whole = Image.new("RGB", (min(columns, len(entries)) * width, rows * (height + CAPTION)), "white")
    draw = ImageDraw.Draw(whole)
    for number, (values, caption) in enumerate(entries):
        x, y = number % columns * width, number // columns * (height + CAPTION)
        whole.paste(Image.fromarray(values), (x, y))
        draw.text((x + 2, y + height), caption, "black")
    whole.save(path)


def overview(folder, labels, numbers, path, edge=88, quality=85):
    """Sheet with one row per label and one column per number, from the pictures in `folder`, as a JPEG."""
    whole = Image.new("RGB", (len(numbers) * edge, len(labels) * edge), "white")
    for row, label in enumerate(labels):
        for column, number in enumerate(numbers):
            with Image.open(folder / f"{label}_{number}.jpg") as image:
                small = image.convert("RGB").resize((edge, edge), Image.Resampling.LANCZOS)
            whole.paste(small, (column * edge, row * edge))
    whole.save(path, quality=quality, optimize=True)
